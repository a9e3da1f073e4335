"""Taking rows, and giving them back. All of it in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from psycopg import Connection

from safar.lib.failpoints import failpoint
from safar.outbox.rows import LEASE, Claimed, Key, as_json
from safar.outbox.statements import statement

CLAIMED = 1  # as outbox.state
PASSES = 20  # over rows of paused journeys that stand in front: a claim stays short whatever is held


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything open of one workspace on one channel. due_at: of its first row. stopped: the kill switch is on.
    send_mode: the workspace's, empty where it is gone."""

    workspace_id: int
    channel: str
    due_at: datetime
    stopped: bool
    send_mode: str


def read_queues(conn: Connection[Any], *, low: datetime | None = None) -> list[Queue]:
    """The queues with something open that is due at ``low`` or later, the one that waits longest first."""
    rows = conn.execute(statement("queues"), {"low": _mark(low)}).fetchall()
    return [Queue(*row) for row in rows]


def claim(
    conn: Connection[Any],
    *,
    workspace_id: int,
    channel: str,
    n: int,
    now: datetime | None = None,
    low: datetime | None = None,
    lease: timedelta = LEASE,
) -> list[Claimed]:
    """Up to ``n`` due rows of a queue, the longest due first, under a new token.

    now: None is the database's clock. low: nothing open is due before it. An empty answer means that nothing was due or
    that others have it; rows of a paused journey that stood in front were put aside and are not returned.
    """
    token = str(uuid4())
    asked = {
        "workspace_id": workspace_id,
        "channel": channel,
        "n": n,
        "now": now,
        "low": _mark(low),
        "lease": lease,
        "token": token,
    }
    claimed: list[Claimed] = []
    for _ in range(PASSES):
        rows = conn.execute(statement("claim"), asked | {"n": n - len(claimed)}).fetchall()
        claimed += [_claimed(row, token) for row in rows if row[17] == CLAIMED]
        # Rows of a paused journey were put aside and others may be due behind them.
        if len(claimed) >= n or all(row[17] == CLAIMED for row in rows):
            break
    failpoint("outbox.claimed")
    claimed.sort(key=lambda row: (row.due_at, row.id))
    return claimed


def _claimed(row: tuple[Any, ...], token: str) -> Claimed:
    columns: tuple[Any, ...] = (Key(*row[:5]), *row[5:17], token)
    return Claimed(*columns)


def release(conn: Connection[Any], rows: Iterable[Claimed]) -> int:
    """Give back what was claimed and not begun; returns how many were still ours."""
    return _by_token(conn, "release", rows)


def unbegin(conn: Connection[Any], rows: Iterable[Claimed]) -> int:
    """Give back what may or may not have been begun (the commit was not answered) and was certainly not handed over.

    Returns how many had been begun.
    """
    return _by_token(conn, "unbegin", rows)


def _by_token(conn: Connection[Any], name: str, rows: Iterable[Claimed]) -> int:
    by_token: dict[str, list[Claimed]] = {}
    for row in rows:
        by_token.setdefault(row.token, []).append(row)
    moved = 0
    for token, some in by_token.items():
        asked = {"token": token, "rows": as_json(row.key.columns() for row in some)}
        moved += len(conn.execute(statement(name), asked).fetchall())
    return moved


def _mark(low: datetime | None) -> datetime | str:
    return "-infinity" if low is None else low
