"""A customer of the till as plain Python sees it: moments, the stable hash, and the facts folded anew each time they are asked for.

Written from docs/journeys.md (and docs/semantics.md for the stable hash), knowing nothing of Safar's code nor of the simulator.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.acceptance.retail_rows import ZONE, Event

# A moment and, inside it, what comes first: events by number, then timers of enrollments, then those of starting points.
Instant = tuple[datetime, int, int]


def event_at(event: Event, number: int) -> Instant:
    return (event.at, 0, number)


def timer_at(moment: datetime) -> Instant:
    return (moment, 1, 0)


def start_at(moment: datetime) -> Instant:
    return (moment, 2, 0)


def later(moment: datetime, *, days: int = 0, months: int = 0) -> datetime:
    """So many days or months later by the shop's clock on the wall; past the month's end is its last day."""
    wall = moment.astimezone(ZONE).replace(tzinfo=None) + timedelta(days=days)
    if months:
        first = wall.replace(day=1)
        for _ in range(months):
            first = (first + timedelta(days=32)).replace(day=1)
        length = ((first + timedelta(days=32)).replace(day=1) - first).days
        wall = first.replace(day=min(wall.day, length))
    return wall.replace(tzinfo=ZONE).astimezone(UTC)


def share(*words: str) -> float:
    """The stable hash, in [0, 1)."""
    return int(hashlib.md5("|".join(words).encode()).hexdigest()[:8], 16) / 2**32


@dataclass(frozen=True)
class Facts:
    """Of a customer at an instant. orders: those that count, number → (when, what remains of its money)."""

    orders: dict[str, tuple[datetime, Decimal]]

    @property
    def spent(self) -> Decimal:
        return sum((money for _, money in self.orders.values()), Decimal(0))

    @property
    def last(self) -> datetime | None:
        return max((at for at, _ in self.orders.values()), default=None)


class Customer:
    """One customer's events, numbered."""

    def __init__(self, key: str, events: list[Event]) -> None:
        self.key, self.events = key, events

    def completions(self, after: Instant) -> Iterable[tuple[Instant, Event]]:
        for number, event in enumerate(self.events):
            if event.kind == "completed" and event_at(event, number) > after:
                yield event_at(event, number), event

    def facts(self, at: Instant) -> Facts:
        """Of all events up to and including that instant, from the beginning."""
        orders: dict[str, tuple[datetime, Decimal]] = {}
        for number, event in enumerate(self.events):
            if event_at(event, number) > at:
                break
            if event.kind == "completed":
                assert event.order is not None
                assert event.total is not None
                orders[event.order] = (event.at, event.total)
            elif event.kind in ("cancelled", "refunded") and event.order in orders:
                when, money = orders[event.order]
                if event.total is None or event.total >= money:
                    del orders[event.order]  # final: a number is completed once here
                else:
                    orders[event.order] = (when, money - event.total)
        return Facts(orders)

    def goal(self, entered: Instant, until: datetime, at_least: int) -> tuple[Instant, Event] | None:
        """The first order after the entry and up to that moment with so much money."""
        for at, event in self.completions(entered):
            if at[0] <= until and event.total is not None and event.total >= at_least:
                return at, event
        return None
