"""Partitions of the log and of `seen`, a month each. Anybody may call this at any time."""

from __future__ import annotations

import logging
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier, Literal

log = logging.getLogger(__name__)

MONTHS_BACK = 12  # what is older lies in one partition, event_old
MONTHS_AHEAD = 2  # a backup that holds the tables for days must not make us late
SEEN_DAYS = 35  # a messageId is remembered for at least so long
LOCK = 0x5AFA_0001  # one at a time; the others find nothing left to do
LOCK_WAIT = "2s"  # of a table that somebody reads for hours: the next call tries again


def ensure_partitions(conn: Connection[Any], now: datetime) -> int:
    """Make the partitions needed from now on and drop what `seen` may forget; gives the number of changes.

    A query of the catalogue when there is nothing to do. Rows outside all partitions are in the default ones, so being
    late loses nothing: where a default partition already holds rows of a new one, or a table is locked for long, that
    partition is left for another call. Runs in the caller's transaction if there is one.
    """
    today = now.astimezone(UTC).date()
    if not any(_plan(conn, today)):
        return 0
    changes = 0
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        conn.execute("SELECT set_config('lock_timeout', %s, true)", (LOCK_WAIT,))
        wanted, old = _plan(conn, today)  # again: who held the lock before may have done it
        for parent, name, low, high in wanted:
            changes += _attempt(conn, name, _make(parent, name, low, high))
        for name in old:
            changes += _attempt(conn, name, [SQL("DROP TABLE IF EXISTS {}").format(Identifier(name))])
        conn.execute("SELECT set_config('lock_timeout', '0', true)")
    return changes


NAMES = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent IN ('event'::regclass, 'seen'::regclass)
"""

Range = tuple[str, str, date | None, date]  # parent, name, from (None: whatever is older), up to and without


def _plan(conn: Connection[Any], today: date) -> tuple[list[Range], list[str]]:
    """(to make, to drop)."""
    have = {name for (name,) in conn.execute(NAMES)}
    this = today.year * 12 + today.month - 1
    seen = [number for number in _months(have, "seen") if _first(number + 1) <= today - timedelta(days=SEEN_DAYS)]
    wanted: list[Range] = []
    first = min(_months(have, "event"), default=this - MONTHS_BACK)
    if "event_old" not in have:
        wanted.append(("event", "event_old", None, _first(first)))
    for parent, start in (("event", first), ("seen", this)):
        for number in range(start, this + 1 + MONTHS_AHEAD):
            if (name := f"{parent}_{_first(number):%Y_%m}") not in have:
                wanted.append((parent, name, _first(number), _first(number + 1)))
    return wanted, [f"seen_{_first(number):%Y_%m}" for number in seen]


def _months(have: set[str], parent: str) -> list[int]:
    """The months that have a partition, counted from the year 0."""
    found = (re.fullmatch(rf"{parent}_([0-9]{{4}})_([0-9]{{2}})", name) for name in have)
    return [int(month[1]) * 12 + int(month[2]) - 1 for month in found if month]


def _first(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _make(parent: str, name: str, low: date | None, high: date) -> list[Any]:
    """Made beside and then attached: that lets others go on reading and writing the parent meanwhile."""
    midnight = "{}T00:00Z" if parent == "event" else "{}"
    start = SQL("MINVALUE") if low is None else Literal(midnight.format(low))
    return [
        SQL("CREATE TABLE IF NOT EXISTS {} (LIKE {} INCLUDING ALL)").format(Identifier(name), Identifier(parent)),
        SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
            Identifier(parent), Identifier(name), start, Literal(midnight.format(high))
        ),
    ]


def _attempt(conn: Connection[Any], name: str, statements: list[Any]) -> int:
    try:
        with conn.transaction():
            for statement in statements:
                conn.execute(statement)
    except (errors.LockNotAvailable, errors.CheckViolation) as error:
        log.warning("partition %s is left for later: %s", name, str(error).strip())
        return 0
    return 1
