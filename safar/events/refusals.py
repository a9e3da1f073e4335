"""Requests that were refused, kept for whoever wonders where an event went: the latest of each workspace, with the place of the fault.

Beside the way in: a refused request is put down in memory and answered; the writer writes a few of them now and then. A
client that sends nothing but nonsense costs a statement every few seconds, however much it sends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from safar.lib.sqlfile import load_sql

MOST_WAITING = 20  # between two writes; of more the first stand for the rest
MAX_FAULTS = 20
MAX_BODY = 4_096  # characters
KEEP = load_sql("safar.events", "refusal_keep")
DROP = load_sql("safar.events", "refusal_drop")
_READ = """
SELECT id, at, key, path, status, said, faults::text, body, size, agent FROM refusal
WHERE workspace_id = %s AND (%s::bigint IS NULL OR id < %s) ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True)
class RefusedRequest:
    """key: its first characters. size: of the body in bytes, as it came; body: its beginning, None where it was not read."""

    at: datetime
    key: str
    path: str
    status: int
    said: str
    faults: Sequence[Mapping[str, str]]
    body: str | None
    size: int | None
    agent: str
    id: int = 0


class RefusalKeeper:
    """Collects refusals from any thread; `flush` writes them, from one."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, RefusedRequest]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def notice(
        self,
        workspace_id: int,
        *,
        key: str,
        path: str,
        status: int,
        said: str,
        faults: Sequence[Mapping[str, str]] = (),
        body: bytes | None = None,
        agent: str = "",
    ) -> None:
        """Costs nothing once enough are waiting."""
        if len(self._waiting) < MOST_WAITING:
            text = None if body is None else _text(body[: 4 * MAX_BODY].decode("utf-8", "replace"), MAX_BODY)
            told = [{name: _text(value, 1_000) for name, value in fault.items()} for fault in faults[:MAX_FAULTS]]
            at, size = datetime.now(UTC), None if body is None else len(body)
            request = RefusedRequest(
                at, key, _text(path, 200), status, _text(said, 1_000), told, text, size, _text(agent, 200)
            )
            self._waiting.append((workspace_id, request))

    def flush(self, conn: Connection[Any]) -> int:
        """Write what is waiting; how many. What cannot be written is dropped."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            rows = [
                (w, r.at, r.key, r.path, r.status, r.said, json.dumps(list(r.faults)), r.body, r.size, r.agent)
                for w, r in waiting
            ]
            columns = [list(column) for column in zip(*rows, strict=True)]
            conn.execute(KEEP, columns)
            conn.execute(DROP, (sorted({w for w, _ in waiting}),))
        return len(waiting)


def read_refusals(
    conn: Connection[Any], workspace_id: int, *, before: int | None = None, limit: int = 50
) -> list[RefusedRequest]:
    """The newest first. before: the id of the last one that was shown."""
    rows = conn.execute(_READ, (workspace_id, before, before, limit)).fetchall()
    return [
        RefusedRequest(at, key, path, status, said, json.loads(faults), body, size, agent or "", id)
        for id, at, key, path, status, said, faults, body, size, agent in rows
    ]


def _text(value: str, limit: int) -> str:
    """What PostgreSQL can keep of a text."""
    return value[:limit].replace("\0", "\ufffd").encode("utf-8", "replace").decode()
