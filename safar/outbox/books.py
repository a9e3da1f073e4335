"""The books of sending: every decision in exactly one named state, at any instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from safar.outbox.statements import statement


@dataclass(frozen=True, slots=True)
class Line:
    """One point of one journey. Figures are messages; ``astray`` counts contradictions and is 0."""

    workspace_id: int
    journey_id: int
    journey: str | None
    point: str | None
    kind: str
    decided: int
    accepted: int
    skipped: int
    failed: int
    in_doubt: int
    assumed_sent: int
    open: int
    astray: int

    @property
    def closes(self) -> bool:
        """decided = accepted + skipped + failed + in doubt + assumed sent + open, and nothing is astray."""
        parts = self.accepted + self.skipped + self.failed + self.in_doubt + self.assumed_sent + self.open
        return self.astray == 0 and self.decided == parts


def read_books(conn: Connection[Any], workspace_id: int | None = None) -> list[Line]:
    """A line for each point that ever decided a message; of all workspaces where none is named."""
    return [Line(*row) for row in conn.execute(statement("books"), {"workspace_id": workspace_id}).fetchall()]
