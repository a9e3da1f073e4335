"""How far a lane has come: a row beside those of imported files, written in the transaction of what it tells of."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

KIND = "demo"
BEGIN = """
INSERT INTO import_progress (workspace_id, kind, file, line, accepted, repeated, refused, updated_at)
VALUES (%(workspace)s, %(kind)s, %(file)s, 0, 0, 0, 0, now()) ON CONFLICT DO NOTHING
"""
READ = """
SELECT line, finished_at IS NOT NULL FROM import_progress
 WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND file = %(file)s
"""
ADVANCE = """
UPDATE import_progress SET line = %(line)s, finished_at = CASE WHEN %(finished)s THEN now() END, updated_at = now()
 WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND file = %(file)s
"""


class Stages:
    """Of one lane. done: stages that are behind it; finished: it is in the present."""

    def __init__(self, conn: Connection[Any], workspace_id: int, lane: int) -> None:
        self._conn = conn
        self._key = {"workspace": workspace_id, "kind": KIND, "file": f"lane {lane}".encode()}
        conn.execute(BEGIN, self._key)
        row = conn.execute(READ, self._key).fetchone()
        assert row is not None
        self.done: int = row[0]
        self.finished: bool = row[1]

    def advance(self, done: int) -> None:
        """In the caller's transaction."""
        self._conn.execute(ADVANCE, {**self._key, "line": done, "finished": False})
        self.done = done

    def finish(self) -> None:
        """In the caller's transaction."""
        self._conn.execute(ADVANCE, {**self._key, "line": self.done, "finished": True})
        self.finished = True
