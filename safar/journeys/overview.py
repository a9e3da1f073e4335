"""All journeys of a workspace at a glance: people on the road, entered, goals and their money, over all versions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.journeys.compiler.tables import ENTERED, GOAL
from safar.journeys.models import Journey, Version
from safar.lib.thrifty import Thrifty

_COUNTS = """
SELECT v.journey_id, p.stretch, sum(p.n)::bigint, sum(p.money) FROM journeys_version v
JOIN journeys_journey j ON j.id = v.journey_id JOIN passage_count p ON p.version_id = v.id
WHERE j.workspace_id = %s AND p.stretch = ANY (%s) GROUP BY 1, 2
"""
_ROAD = "SELECT journey_id, count(*) FROM enrollment WHERE workspace_id = %s AND state = 0 GROUP BY 1"


@dataclass
class Tally:
    """Of one journey."""

    on_the_road: int = 0
    entered: int = 0
    goals: int = 0
    money: Decimal = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A journey in the list. version: the live one; edited: its draft is another than what is live."""

    journey: Journey
    version: Version | None
    tally: Tally

    @property
    def edited(self) -> bool:
        return self.version is not None and self.journey.draft != self.version.definition


_tallies: Thrifty[dict[int, Tally]] = Thrifty(least=1.0, most=300.0)


def read_overview(connection: psycopg.Connection[Any], workspace: Workspace) -> list[Line]:
    """In the order of journeys, archived ones last. Figures may be as old as they were dear to read (``lib.thrifty``)."""
    tallies = _tallies.get(workspace.pk, lambda: _read(connection, workspace.pk))
    journeys = list(Journey.objects.filter(workspace=workspace).order_by("id"))
    live = {each.journey_id: each for each in Version.objects.filter(journey__in=journeys, live=True)}
    lines = [Line(journey, live.get(journey.pk), tallies.get(journey.pk, Tally())) for journey in journeys]
    return sorted(lines, key=lambda line: line.journey.state == "archived")


def _read(connection: psycopg.Connection[Any], workspace: int) -> dict[int, Tally]:
    found: dict[int, Tally] = defaultdict(Tally)
    for journey, stretch, n, money in connection.execute(_COUNTS, (workspace, [ENTERED, GOAL])).fetchall():
        if stretch == ENTERED:
            found[journey].entered = n
        else:
            found[journey].goals, found[journey].money = n, money or Decimal(0)
    for journey, people in connection.execute(_ROAD, (workspace,)).fetchall():
        found[journey].on_the_road = people
    return dict(found)
