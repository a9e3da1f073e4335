"""How far a file came: one row, written in the transaction of the rows it tells of, so that a crash loses neither."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from safar.events.imports.report import ImportReport, Refusal

BEGIN = """
INSERT INTO import_progress (workspace_id, kind, file, line, accepted, repeated, refused, updated_at)
VALUES (%(workspace)s, %(kind)s, %(file)s, 0, 0, 0, 0, now()) ON CONFLICT DO NOTHING
"""
READ = """
SELECT line, accepted, repeated, refused, refusals, finished_at IS NOT NULL FROM import_progress
WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND file = %(file)s
"""
ADVANCE = """
UPDATE import_progress SET line = %(line)s, accepted = %(accepted)s, repeated = %(repeated)s, refused = %(refused)s,
    refusals = coalesce(%(refusals)s, refusals), finished_at = CASE WHEN %(finished)s THEN now() END, updated_at = now()
WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND file = %(file)s AND line = %(from)s AND finished_at IS NULL
"""


class TakenOver(RuntimeError):
    """Another process imports this very file and has got further."""


class Progress:
    """The row of one file. kind: contacts | events; file: SHA-256 of it."""

    def __init__(self, conn: Connection[Any], workspace_id: int, kind: str, file: bytes) -> None:
        self._key = {"workspace": workspace_id, "kind": kind, "file": file}
        self._listed = 0
        self.report = ImportReport()
        conn.execute(BEGIN, self._key)
        row = conn.execute(READ, self._key).fetchone()
        assert row is not None
        self.line: int = row[0]
        self.report.accepted, self.report.repeated, self.report.refused = row[1:4]
        self.report.refusals = [Refusal(**refusal) for refusal in row[4]]
        self.report.already = row[5]
        self._listed = len(self.report.refusals)

    def advance(self, conn: Connection[Any], line: int, *, finished: bool = False) -> None:
        """Put the report's figures and the line down, in the caller's transaction. Raises TakenOver."""
        refusals = self.report.refusals
        said = Jsonb([asdict(refusal) for refusal in refusals]) if len(refusals) > self._listed else None
        figures = {name: getattr(self.report, name) for name in ("accepted", "repeated", "refused")}
        values = {**self._key, **figures, "line": line, "from": self.line, "refusals": said, "finished": finished}
        if conn.execute(ADVANCE, values).rowcount != 1:
            raise TakenOver("another process is importing this file; look again when it has ended")
