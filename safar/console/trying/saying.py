"""A contact's walk in words: each step, and for decisions what they went by: "yes, because orders is 3"."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from safar.console.access import ConsoleRequest
from safar.console.templatetags.contacts import trait
from safar.console.templatetags.formats import user
from safar.console.trying.words import LEFT, REFUSED, STATUSES
from safar.journeys.backtest.walked import Step, Trip, Walked
from safar.journeys.backtest.why import Leaf
from safar.journeys.definition.describe import start_summary
from safar.journeys.definition.model import Definition
from safar.journeys.forms import path_words
from safar.journeys.saying import FACTS, say_condition
from safar.journeys.words import choose

Json = dict[str, Any]


def say_walked(walked: Walked, definition: Definition, request: ConsoleRequest, tongue: str) -> Json:
    """{trips, events, refused} for the template."""
    return {
        "trips": [_trip(trip, definition, request, tongue) for trip in walked.trips],
        "events": walked.events,
        "refused": [(REFUSED.get(reason, reason), n) for reason, n in walked.refused.items()],
    }


def _trip(trip: Trip, definition: Definition, request: ConsoleRequest, tongue: str) -> Json:
    start = next(each for each in definition.starts if each.key == trip.starting_point)
    return {
        "start": start_summary(start, tongue),
        "entered_at": trip.entered_at,
        "entry": [(name, trait({"request": request}, value)) for name, value in list(trip.entry.items())[:12]],
        "status": STATUSES.get(trip.status, trip.status),
        "held_out": trip.status == "held_out",
        "reason": LEFT.get(trip.reason, trip.reason),
        "goal_at": trip.goal_at,
        "steps": [_step(step, definition, request, tongue) for step in trip.steps],
    }


def _step(step: Step, definition: Definition, request: ConsoleRequest, tongue: str) -> Json:
    point = definition.point(step.point)
    several = len(point.paths) > 1
    stayed = (step.left_at - step.arrived_at).total_seconds() if step.left_at else 0
    return {
        "label": point.kind.label[tongue],
        "summary": point.summary(tongue),
        "at": step.arrived_at,
        "stayed": stayed,
        "left_at": step.left_at,
        "path": path_words(tongue).get(step.path, step.path) if step.path and several else "",
        "why": say_why(step.why, request, tongue) if step.why else "",
        "unknown": step.unknown,
    }


def say_why(leaves: list[Leaf], request: ConsoleRequest, tongue: str) -> SafeString:
    """The statements one after another, joined by "and"."""
    join = choose(tongue, " and ", " و ")
    return format_html_join(join, "{}", [(_leaf(leaf, request, tongue),) for leaf in leaves])


def _leaf(leaf: Leaf, request: ConsoleRequest, tongue: str) -> SafeString:
    if not leaf.valued:
        side = "rtl" if tongue == "fa" else "ltr"
        said = format_html('<bdi dir="{}">{}</bdi>', side, say_condition(leaf.written, tongue))
        pattern = _("“%(said)s” is true") if leaf.held else _("“%(said)s” is not true")
        return _filled(pattern, said=said)
    subject = _subject(leaf, tongue)
    if leaf.value is None:
        return _filled(_("%(subject)s is not known"), subject=subject)
    value = format_html("<strong>{}</strong>", trait({"request": request}, leaf.value))
    return _filled(_("%(subject)s is %(value)s"), subject=subject, value=value)


def _filled(pattern: str, **values: SafeString) -> SafeString:
    """The translated sentence with pieces of markup in it."""
    for name in values:
        pattern = pattern.replace(f"%({name})s", "{" + name + "}")
    return format_html(pattern, **values)


def _subject(leaf: Leaf, tongue: str) -> SafeString:
    """What was compared. Names that people gave stand apart: in a Persian sentence they are often Latin."""
    written = leaf.written
    if "fact" in written:
        name = str(written["fact"])
        return user(choose(tongue, *FACTS.get(name, (name, name))))
    if "entry" in written:
        return _filled(_("the entry's %(name)s"), name=user(written["entry"]))
    return user(written.get("trait", ""))
