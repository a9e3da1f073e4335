"""How a back-test over recorded history is looked at while it runs: one contact only, its progress, its tables at certain moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import psycopg

from safar.journeys.engine.plan import Plan
from safar.journeys.engine.session import Session

Dealt = Callable[[int, int], None]


@dataclass(frozen=True)
class Looking:
    """contact: nobody else is replayed; None for everybody. dealt: told how many events were dealt with, of how many, from any thread.

    stops: moments, rising. At each of them `look` is called with a connection to the scratch tables as they are then (what happens
    at that moment included, timers due at it not yet fired), and the plan.
    """

    contact: int | None = None
    dealt: Dealt | None = None
    stops: Sequence[datetime] = ()
    look: Callable[[psycopg.Connection[Any], Plan, datetime], None] | None = None


class Progress:
    """Adds up what the sessions of one back-test have dealt with."""

    def __init__(self, told: Dealt, total: int) -> None:
        self._told, self._total, self._done = told, total, 0
        self._lock = Lock()

    def add(self, events: int) -> None:
        with self._lock:
            self._done += events
            done = self._done
        self._told(done, self._total)


class CountingSession(Session):
    """A session that says how many events took their turn."""

    def __init__(self, connection: psycopg.Connection[Any], progress: Progress) -> None:
        super().__init__(connection)
        self._progress = progress

    def file(
        self, name: str, package: str = "safar.journeys.engine.sql", /, **parameters: Any
    ) -> list[tuple[Any, ...]]:
        rows = super().file(name, package, **parameters)
        if name == "turn_event" and rows[0][0]:
            self._progress.add(rows[0][0])
        return rows


def sessions_of(connections: Sequence[psycopg.Connection[Any]], looking: Looking) -> list[Session]:
    """A session for each connection; the first one's inbox says how much there is to do."""
    if looking.dealt is None:
        return [Session(connection) for connection in connections]
    row = connections[0].execute("SELECT count(*) FROM inbox").fetchone()
    progress = Progress(looking.dealt, int(row[0]) if row else 0)
    return [CountingSession(connection, progress) for connection in connections]


def numbers(contact: int | None) -> Mapping[str, int | None]:
    """For recorded.sql."""
    return {"contact": contact, "bucket": None if contact is None else contact & 1023}
