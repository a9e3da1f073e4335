"""Partitions of the log (a month of timestamp each) and of `seen` (a day each). Anybody may call this at any time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier, Literal

log = logging.getLogger(__name__)

MONTHS_BACK, MONTHS_AHEAD = 12, 2  # what is older than the first month lies in one partition, event_old
DAYS_AHEAD = 7  # a week: a backup that holds the tables for a day must not make us late
SEEN_DAYS = 35  # a messageId is remembered for so long
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


BOUNDS = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid)
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent IN ('event'::regclass, 'seen'::regclass)
"""

Range = tuple[str, str, date | None, date]  # parent, name, from (None: whatever is older), up to and without


def _plan(conn: Connection[Any], today: date) -> tuple[list[Range], list[str]]:
    """(to make, to drop)."""
    have = dict(conn.execute(BOUNDS).fetchall())
    old = [name for name, day in _seen_days(have) if day < today - timedelta(days=SEEN_DAYS)]
    return [*_months(today, have), *_days(today, have)], old


def _months(today: date, have: dict[str, str]) -> Iterator[Range]:
    first = today.year * 12 + today.month - 1 - MONTHS_BACK
    if "event_old" not in have:
        yield "event", "event_old", None, _month(first)
    else:
        known = [int(name[6:10]) * 12 + int(name[11:13]) - 1 for name in have if name.startswith("event_2")]
        first = min(known, default=first)
    for number in range(first, today.year * 12 + today.month + MONTHS_AHEAD):
        month = _month(number)
        if f"event_{month:%Y_%m}" not in have:
            yield "event", f"event_{month:%Y_%m}", month, _month(number + 1)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _days(today: date, have: dict[str, str]) -> Iterator[Range]:
    for ahead in range(-1, DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        if f"seen_{day:%Y_%m_%d}" not in have:
            yield "seen", f"seen_{day:%Y_%m_%d}", day, day + timedelta(days=1)


def _seen_days(have: dict[str, str]) -> Iterator[tuple[str, date]]:
    for name in have:
        if name.startswith("seen_2"):
            yield name, datetime.strptime(name, "seen_%Y_%m_%d").date()  # noqa: DTZ007


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
