"""Which columns a member sees in the list of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

MOST = 12  # columns beside the name
TRAIT = "trait:"  # before the name of a trait


def read_columns(conn: psycopg.Connection[Any], workspace_id: int, member_id: int) -> list[str] | None:
    """In their order; None where the member has chosen none."""
    row = conn.execute(
        "SELECT columns FROM contact_columns WHERE workspace_id = %s AND member_id = %s", (workspace_id, member_id)
    ).fetchone()
    return list(row[0]) if row else None


def keep_columns(conn: psycopg.Connection[Any], workspace_id: int, member_id: int, columns: Sequence[str]) -> None:
    """MOST of them at most; each once."""
    kept = list(dict.fromkeys(column[:200] for column in columns))[:MOST]
    conn.execute(
        "INSERT INTO contact_columns (workspace_id, member_id, columns) VALUES (%s, %s, %s)"
        " ON CONFLICT (workspace_id, member_id) DO UPDATE SET columns = EXCLUDED.columns",
        (workspace_id, member_id, kept),
    )
