"""Templates that the house itself needs: put there in both languages when they are first needed, edited like any other afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

_PUT = """
INSERT INTO content_template (workspace_id, key, channel, title, languages, fallbacks, strict, once_more, sender, updated_at)
VALUES (%s, %s, %s, %s, %s, '{}', false, true, '', now()) ON CONFLICT (workspace_id, key) DO NOTHING
"""


def ensure_template(
    conn: Connection[Any], workspace_id: int, *, key: str, channel: str, title: str, languages: Mapping[str, Any]
) -> None:
    """Put it there unless there is one of that key."""
    conn.execute(_PUT, (workspace_id, key, channel, title, Jsonb(dict(languages))))
