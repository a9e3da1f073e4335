"""What would go, and having it go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.contacts.privacy import Privacy, read_privacy
from safar.journeys.erasing import erase_contact
from safar.journeys.retention.kinds import BUCKETS, KINDS, NEVER, STILL_UNSEEN, Kind

STEP = 32  # buckets at a time
_BEFORE = (
    "SELECT %s::timestamptz - CASE %s WHEN 'months' THEN make_interval(months => %s) ELSE make_interval(days => %s) END"
)
_WORKSPACES = "SELECT id FROM accounts_workspace ORDER BY id"
_NOTE = """
INSERT INTO retention_run (workspace_id, day, kind, before, taken) VALUES (%(workspace)s, %(day)s, %(kind)s, %(before)s, %(taken)s)
ON CONFLICT (workspace_id, day, kind) DO UPDATE SET before = EXCLUDED.before, taken = retention_run.taken + EXCLUDED.taken
"""
_RUNS = "SELECT day, kind, before, taken FROM retention_run WHERE workspace_id = %s ORDER BY day DESC, kind LIMIT %s"


@dataclass(frozen=True, slots=True)
class Old:
    """What is too old of a kind. before: what is older; count: messages, events, contacts, files, …"""

    kind: str
    before: datetime
    count: int


def list_workspaces(conn: Connection[Any]) -> list[int]:
    return [row[0] for row in conn.execute(_WORKSPACES).fetchall()]


def count_old(conn: Connection[Any], workspace_id: int, now: datetime) -> list[Old]:
    """What a sweep would take away now; of what is kept for good nothing. Changes nothing."""
    found = []
    for kind, before in _wanted(conn, read_privacy(conn, workspace_id), now):
        total = 0
        for low in range(0, BUCKETS if kind.sliced else 1, STEP if kind.sliced else 1):
            row = conn.execute(kind.count.encode(), _asked(workspace_id, before, low)).fetchone()
            total += row[0] if row else 0
        found.append(Old(kind.key, before, total))
    return found


def sweep(
    conn: Connection[Any],
    workspace_id: int,
    now: datetime,
    *,
    go_on: Callable[[], bool] = lambda: True,
    progress: Callable[[str, int], None] = lambda kind, taken: None,
) -> dict[str, int]:
    """Have it go, a slice at a time, each committed at once; kind → how many. go_on: asked before every slice, and before every visitor. conn: autocommit, idle.

    Stopped or killed anywhere, the next sweep goes on with what is left; two at once harm nothing.
    """
    taken: dict[str, int] = {}
    for kind, before in _wanted(conn, read_privacy(conn, workspace_id), now):
        for low in range(0, BUCKETS if kind.sliced else 1, STEP if kind.sliced else 1):
            if not go_on():
                return taken
            for many in _take(conn, kind, _asked(workspace_id, before, low), go_on):
                note = {"workspace": workspace_id, "day": now.date(), "kind": kind.key, "before": before, "taken": many}
                conn.execute(_NOTE, note)
                taken[kind.key] = taken.get(kind.key, 0) + many
                progress(kind.key, taken[kind.key])
    return taken


def read_runs(conn: Connection[Any], workspace_id: int, n: int = 20) -> list[tuple[Any, str, datetime, int]]:
    """(day, kind, before, how many), the newest first."""
    return conn.execute(_RUNS, (workspace_id, n)).fetchall()


def _wanted(conn: Connection[Any], privacy: Privacy, now: datetime) -> Iterator[tuple[Kind, datetime]]:
    for kind in KINDS:
        length = getattr(privacy, kind.setting)
        if length is not None:
            row = conn.execute(_BEFORE, (now, kind.unit, length, length)).fetchone()
            assert row is not None
            yield kind, row[0]


def _take(conn: Connection[Any], kind: Kind, asked: Mapping[str, Any], go_on: Callable[[], bool]) -> Iterator[int]:
    """How many went, each time that some did."""
    found = conn.execute(kind.take.encode(), asked)
    if kind.key != "visitors":
        if found.rowcount:
            yield found.rowcount
        return
    for (contact,) in found.fetchall():
        if not go_on():
            return
        if conn.execute(STILL_UNSEEN.encode(), {**asked, "contact": contact}).fetchone() is not None:
            # as an erasure: nobody knows them, and nothing is left of them
            erase_contact(conn, workspace_id=asked["workspace"], contact=contact, key=None)
            yield 1


def _asked(workspace_id: int, before: datetime, low: int) -> dict[str, Any]:
    return {"workspace": workspace_id, "before": before, "low": low, "high": low + STEP, "never": list(NEVER)}
