"""One contact walked through a draft over their recorded history: each passage, and what a decision went by at its moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from safar.journeys.backtest.answers import find_unknown
from safar.journeys.backtest.looking import Looking
from safar.journeys.backtest.run import Setting, recorded_backtest
from safar.journeys.backtest.why import Leaf, read_why
from safar.journeys.definition.model import Definition
from safar.journeys.engine.plan import Plan
from safar.journeys.kinds import Decision
from safar.segments.reading import Condition

MOMENTS = 200  # at which decisions are looked into; later ones show their path alone

_ENTRIES = """
SELECT e.entered_at, n.properties FROM (SELECT bucket, id, entry_no, entered_at FROM enrollment UNION SELECT bucket, id, entry_no, entered_at FROM enrollment_past) e
JOIN enrollment_entry n ON n.bucket = e.bucket AND n.enrollment_id = e.id AND n.entry_no = e.entry_no
"""


@dataclass(frozen=True)
class Step:
    """A passage. why: what the decision read, in order, None where that cannot be told. unknown: its way depends on how a message that
    was never sent would have been answered."""

    point: str
    arrived_at: datetime
    left_at: datetime | None
    path: str | None
    why: list[Leaf] | None = None
    unknown: bool = False


@dataclass(frozen=True)
class Trip:
    """status: as in a trace. entry: properties of what brought them in, empty where nothing is kept of it."""

    starting_point: str
    entered_at: datetime
    status: str
    reason: str
    goal_at: datetime | None
    entry: Mapping[str, Any]
    steps: list[Step]


@dataclass(frozen=True)
class Walked:
    """events: of the contact, up to the end. refused: reason → how often a starting point matched and they were not let in."""

    trips: list[Trip]
    events: int
    refused: Mapping[str, int]


def walk_contact(
    url: str,
    workspace_id: int,
    contact: int,
    definition: Definition,
    conditions: Mapping[str, Condition],
    setting: Setting,
    *,
    since: datetime,
    until: datetime,
) -> Walked:
    """Replayed twice: the first time tells when decisions were made, the second stops at those moments to look at what they read."""
    asked = (url, workspace_id, [definition], conditions, setting, until, _silent, since)
    with recorded_backtest(*asked, Looking(contact)) as found:
        traced = list(found.trace())
        entries = _entries(found.connection)
        events, refused = found.events, found.figures[definition.key].refused
    deciding = {point.key for point in definition.points if isinstance(point.kind, Decision)}
    wanted = [
        (_moment(trip["entered_at"]), _moment(passage["arrived_at"]), passage["point"], passage["path"])
        for trip in traced
        for passage in trip["passages"]
        if passage["point"] in deciding and passage["path"] is not None
    ]
    moments = sorted({at for _, at, _, _ in wanted})[:MOMENTS]
    why: dict[tuple[datetime, datetime, str], list[Leaf] | None] = {}

    def look(connection: psycopg.Connection[Any], plan: Plan, moment: datetime) -> None:
        for entered, at, point, path in wanted:
            if at == moment:
                place = definition.point(point)
                entry = entries.get(entered)
                why[entered, at, point] = read_why(
                    connection, contact, definition, place, path, conditions, setting, moment, entry
                )

    if moments:
        with recorded_backtest(*asked, Looking(contact, stops=moments, look=look)):
            pass
    unknown = find_unknown(definition).reads
    trips = [_trip(trip, entries, why, unknown) for trip in traced]
    return Walked(sorted(trips, key=lambda trip: trip.entered_at), events, refused)


def _trip(
    trip: Mapping[str, Any],
    entries: Mapping[datetime, Mapping[str, Any] | None],
    why: Mapping[tuple[datetime, datetime, str], list[Leaf] | None],
    unknown: frozenset[str],
) -> Trip:
    entered = _moment(trip["entered_at"])
    steps = [
        Step(
            point := passage["point"],
            at := _moment(passage["arrived_at"]),
            _moment(passage["left_at"]) if passage["left_at"] else None,
            passage["path"],
            why.get((entered, at, point)),
            point in unknown,
        )
        for passage in trip["passages"]
    ]
    goal = _moment(trip["goal_at"]) if trip["goal_at"] else None
    entry = entries.get(entered) or {}
    return Trip(trip["starting_point"], entered, trip["status"], trip["reason"] or "", goal, entry, steps)


def _entries(connection: psycopg.Connection[Any]) -> dict[datetime, Mapping[str, Any] | None]:
    """By the moment of entering; None where two trips began at one moment, so that nobody can tell whose is whose."""
    found: dict[datetime, Mapping[str, Any] | None] = {}
    for entered, properties in connection.execute(_ENTRIES).fetchall():
        found[entered] = None if entered in found else properties
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _silent(_stage: str) -> None:
    pass
