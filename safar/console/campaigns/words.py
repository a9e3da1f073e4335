"""How pages of campaigns name states, and say what the services refuse."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safar.console.faults import say as say
from safar.console.formats import Formats
from safar.journeys.campaigns import progress
from safar.journeys.reckoning.leading import WINNER
from safar.journeys.reckoning.lift import LEAST
from safar.journeys.reckoning.variants import Comparison
from safar.lib.faults import Fault

STATES = {
    progress.DRAFT: _("Draft"),
    progress.PLANNED: _("Planned"),
    progress.SENDING: _("Being sent"),
    progress.DONE: _("Sent"),
    progress.HELD: _("Paused"),
    progress.CANCELLED: _("Cancelled"),
    progress.ENDED: _("Stopped"),
}
COLOURS = {
    progress.DRAFT: "secondary",
    progress.PLANNED: "azure",
    progress.SENDING: "blue",
    progress.DONE: "green",
    progress.HELD: "yellow",
    progress.CANCELLED: "secondary",
    progress.ENDED: "secondary",
}
METRICS = {"opened": _("openings"), "clicked": _("clicks"), "goal": _("goals reached")}


def say_who_leads(compared: Comparison, formats: Formats) -> str:
    """Which variant is ahead by its metric, in a sentence."""
    named = {"metric": METRICS[compared.metric], "least": formats.number(LEAST)}
    if not compared.known:
        return (
            gettext("Compared by %(metric)s, of which nothing is known here: which one is better cannot be told.")
            % named
        )
    leading = compared.leading
    if leading is None or leading.lift is None:
        return (
            gettext(
                "Compared by %(metric)s. Which one is better can be told when at least %(least)s people have got each."
            )
            % named
        )
    lift = leading.lift
    points = {"points": lift.difference, "low": lift.low, "high": lift.high}
    named |= {"name": leading.name.upper(), **{name: formats.number(share * 100, 1) for name, share in points.items()}}
    if leading.verdict == WINNER:
        return (
            gettext("%(name)s is better by %(metric)s: %(points)s more of a hundred (between %(low)s and %(high)s).")
            % named
        )
    return (
        gettext(
            "%(name)s is ahead by %(metric)s: %(points)s of a hundred (between %(low)s and %(high)s), which may be chance."
        )
        % named
    )


def said(faults: Iterable[Fault]) -> list[str]:
    return [say(each.message) for each in faults]
