"""Trips as plain Python lays them out. It does not simulate: there is no clock that runs and no queue.

All of a customer's events are known, so a trip is laid out whole, as if nobody ever left early, and then cut where the goal or
exit_when comes first, or where the observation ends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.acceptance.retail_customer import Facts, Instant, timer_at
from tests.acceptance.retail_rows import Event


@dataclass
class Passage:
    """One point. left: None while it stands there; path: None where it did not leave by one."""

    point: str
    arrived: Instant
    left: Instant | None = None
    path: str | None = None


@dataclass
class Trip:
    contact: str
    journey: str
    start: str
    entered: Instant
    status: str = "open"
    reason: str | None = None
    goal: Event | None = None
    passages: list[Passage] = field(default_factory=list)
    over: Instant | None = None  # since when it holds nobody off any more

    def pass_by(self, point: str, arrived: Instant, left: Instant | None = None, path: str | None = "next") -> Instant:
        """Lay out one more passage; instant points are left as they are reached. Returns when it is left."""
        left = left or arrived
        self.passages.append(Passage(point, arrived, left, path))
        return left


def cut(trip: Trip, at: Instant | None, reason: str | None, horizon: Instant) -> None:
    """Ends a trip that is laid out whole where something comes first: leaving it, or the end of the observation."""
    last = trip.passages[-1]
    leaves = min(i for i in (at, horizon) if i is not None)
    if last.left is not None and last.left < leaves:  # it had come to its end before
        if last.point in ("silent", "once"):
            trip.status, trip.reason, last.path = "left", {"once": "bought once"}.get(last.point, last.point), None
        else:
            trip.status = "finished"
        trip.over = last.left
        return
    trip.passages = [p for p in trip.passages if p.arrived < leaves]
    last = trip.passages[-1]
    last.left, last.path = (None, None) if at is None or horizon < at else (at, None)
    if last.left is not None:
        trip.status, trip.reason, trip.over = "left", reason, at


@dataclass
class Walked:
    """All that became of everybody."""

    trips: list[Trip] = field(default_factory=list)
    refused: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    facts: dict[str, Facts] = field(default_factory=dict)

    def trace(self) -> list[dict[str, Any]]:
        """As a back-test writes it, in an order of its own."""
        return sorted(
            (_row(trip) for trip in self.trips), key=lambda row: (row["contact"], row["journey"], row["entered_at"])
        )

    def figures(self, journey: str) -> dict[str, Any]:
        """As `journey show --json` has them, without points that nobody reached; money as a number."""
        trips = [trip for trip in self.trips if trip.journey == journey]
        walked = [trip for trip in trips if trip.status != "held_out"]
        points: dict[str, dict[str, Any]] = {}
        for trip in walked:
            for passage in trip.passages:
                point = points.setdefault(
                    passage.point, {"entered": 0, "standing": 0, "paths": Counter(), "left": Counter()}
                )
                point["entered"] += 1
                if passage.left is None:
                    point["standing"] += 1
                elif passage.path is not None:
                    point["paths"][passage.path] += 1
                else:
                    point["left"][trip.reason] += 1
        reached = [trip.goal for trip in trips if trip.goal is not None]
        return {
            "matched": len(trips) + sum(self.refused[journey].values()),
            "entered": len(walked),
            "by_starting_point": dict(Counter(trip.start for trip in walked)),
            "held_out": len(trips) - len(walked),
            "refused": dict(self.refused[journey]),
            "goals": len(reached),
            "money": sum((event.total or Decimal(0) for event in reached), Decimal(0)),
            "points": points,
        }


def _row(trip: Trip) -> dict[str, Any]:
    def show(at: Instant | None) -> str | None:
        return None if at is None else at[0].strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    return {
        "contact": trip.contact,
        "journey": trip.journey,
        "one_per": None,
        "starting_point": trip.start,
        "entered_at": show(trip.entered),
        "status": trip.status,
        "reason": trip.reason,
        "goal_at": trip.goal and show(timer_at(trip.goal.at)),
        "passages": [
            {"point": p.point, "arrived_at": show(p.arrived), "left_at": show(p.left), "path": p.path}
            for p in trip.passages
        ],
    }
