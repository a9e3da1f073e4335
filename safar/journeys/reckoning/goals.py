"""The goals of a workspace's journeys, as the statements that reckon with them want them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from safar.accounts.models import Workspace
from safar.journeys.compiler.moments import after
from safar.journeys.compiler.text import lit, sql, text
from safar.journeys.definition.model import Goal
from safar.journeys.definition.parse import parse_definition
from safar.journeys.models import Journey, Version
from safar.journeys.services import catalog_of
from safar.lib.faults import Refused
from safar.segments.reading import Reading

ORDER = ("Order Completed", "total")  # the goal whose money is kept up to date


@dataclass(frozen=True)
class Aim:
    """A journey's goal by its newest version: who is on an older one is held against it as well."""

    journey_id: int
    key: str
    goal: Goal


def read_aims(workspace: Workspace) -> list[Aim]:
    """Of the journeys that were ever published and have a goal. A definition that cannot be read any more has none."""
    newest: dict[int, Version] = {}
    for version in Version.objects.filter(journey__workspace=workspace).order_by("number"):
        newest[version.journey_id] = version
    keys = dict(Journey.objects.filter(workspace=workspace).values_list("pk", "key"))
    catalog, found = catalog_of(workspace), []
    for journey_id, version in sorted(newest.items()):
        try:
            goal = parse_definition(version.definition, catalog).settings.goal
        except Refused:
            continue
        if goal is not None:
            found.append(Aim(journey_id, keys[journey_id], goal))
    return found


def slots(aims: Sequence[Aim], workspace: Workspace) -> dict[str, str]:
    """What earned.sql has room for: {until, reached, money}."""
    reading = Reading(
        at=sql("e.applied_at"),
        zone=sql(f"coalesce(c.zone, {lit(workspace.zone)})"),
        calendar=workspace.calendar,
        entry=sql("n.properties"),
    )
    return {
        "until": _cases(aims, lambda aim: _until(aim.goal, reading)),
        "reached": _cases(aims, lambda aim: _reached(aim, reading), "FALSE"),
        "money": _cases(aims, lambda aim: _money(aim.goal, workspace)),
    }


def _cases(aims: Iterable[Aim], said: Callable[[Aim], str], other: str = "NULL") -> str:
    whens = " ".join(f"WHEN {aim.journey_id} THEN {said(aim)}" for aim in aims)
    return f"(CASE s.journey_id {whens} ELSE {other} END)"


def _until(goal: Goal, reading: Reading) -> str:
    return "'infinity'::timestamptz" if goal.within is None else after("s.at", goal.within, reading)


def _reached(aim: Aim, reading: Reading) -> str:
    where = aim.goal.where
    holds = "" if where is None else f" AND {text(where.holds(sql('e.properties'), replace(reading, journey=aim.key)))}"
    return f"(e.name = {lit(aim.goal.event)}{holds})"


def _money(goal: Goal, workspace: Workspace) -> str:
    """What was told with the event; of an order what is left of it by now: corrected, refunded, cancelled (docs/semantics.md 75)."""
    if goal.money is None:
        return "NULL::numeric"
    value = f"e.properties -> {lit(goal.money)}, e.properties -> 'currency', {lit(workspace.currency)}"
    told = f"safar_worth({value}, {workspace.pk}, e.timestamp, {lit(workspace.zone)})"
    if (goal.event, goal.money) != ORDER:
        return told
    return f"(CASE WHEN p.order_id IS NULL THEN {told} WHEN p.counts THEN p.total - p.refunded ELSE 0 END)"
