"""Taking rows, and giving them back. All of it in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    """Everything open of one workspace on one channel, or to one address of it (``webhook:4f0c…``). due_at: of its first row. stopped: the kill switch is on.
    send_mode: the workspace's, empty where it is gone."""

    workspace_id: int
    channel: str
    due_at: datetime
    stopped: bool
    send_mode: str

    @property
    def kind(self) -> str:
        """The channel, whatever the address."""
        return self.channel.partition(":")[0]


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
    token: str = "",
    now: datetime | None = None,
    low: datetime | None = None,
    lease: timedelta = LEASE,
) -> list[Claimed]:
    """Up to ``n`` due rows of a queue, the longest due first.

    token: the dispatcher's (a UUID); a new one if left out. now: None is the database's clock. low: nothing open is due before it. An empty answer means that nothing was due or
    that others have it; rows of a paused journey that stood in front were put aside and are not returned.
    """
    token = token or str(uuid4())
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
    claimed = Claimed(*columns)
    return replace(claimed, channel=claimed.channel.partition(":")[0]) if ":" in claimed.channel else claimed


def release(conn: Connection[Any], rows: Iterable[Claimed]) -> int:
    """Give back what was claimed and not begun; returns how many were still ours."""
    by_token: dict[str, list[Claimed]] = {}
    for row in rows:
        by_token.setdefault(row.token, []).append(row)
    given = 0
    for token, some in by_token.items():
        asked = {"token": token, "rows": as_json(row.key.columns() for row in some)}
        given += len(conn.execute(statement("release"), asked).fetchall())
    return given


def reconcile(conn: Connection[Any], *, token: str, kept: Iterable[Key]) -> int:
    """After a lost connection: give back what is under our token and not among ``kept`` (ready, in flight, answered).

    Returns how many rows it was.
    """
    asked = {"token": token, "kept": as_json(key.columns() for key in kept)}
    row = conn.execute(statement("reconcile"), asked).fetchone()
    return int(row[0]) if row else 0


def _mark(low: datetime | None) -> datetime | str:
    return "-infinity" if low is None else low
