"""The tags of a workspace: there is no list of them but what people have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from safar.lib.sqlfile import load_sql

MOST = 1_000


@dataclass(frozen=True)
class Tag:
    """contacts: how many have it; last: when somebody got it last."""

    name: str
    contacts: int
    last: datetime


def count_tags(conn: psycopg.Connection[Any], workspace_id: int) -> list[Tag]:
    """The most frequent first, MOST of them at most."""
    with conn.cursor(row_factory=class_row(Tag)) as cursor:
        asked = {"workspace": workspace_id, "most": MOST}
        return cursor.execute(load_sql("safar.contacts", "tags"), asked).fetchall()
