"""Which events of a history a back-test has to walk: the others would pass in bulk, and nobody could tell that they are missing."""

from __future__ import annotations

from dataclasses import dataclass

from safar.events.message import Accepted
from safar.events.names import GROUP, PAGE, SCREEN, TRACK
from safar.journeys.engine.apply import FIGURES
from safar.journeys.engine.plan import Plan

PASSING = (TRACK, PAGE, SCREEN, GROUP)  # types that change nothing but figures, unless consent is said with them


@dataclass(frozen=True)
class Wanted:
    """names: events that are read or change a figure that is; None where every visit is (last_seen)."""

    names: frozenset[str] | None

    def needs(self, message: Accepted) -> bool:
        """Whether the message has to be walked; a contact's first one always has."""
        return (
            self.names is None
            or message.name in self.names
            or message.type not in PASSING
            or message.consent is not None
            or message.tags is not None
        )


def wanted_by(plan: Plan) -> Wanted:
    """What the plan's journeys and segments read of events."""
    if any(workspace.reads_last_seen for workspace in plan.workspaces.values()):
        return Wanted(None)
    return Wanted(plan.heard() | FIGURES if plan.reads_figures() else plan.heard())
