"""The tags of a workspace: there is no list of them but what people have. A tag is known by its key, and may be called something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from safar.lib.faults import Fault, Refused
from safar.lib.sqlfile import load_sql

MOST = 1_000
LONGEST_TITLE = 100
_TITLES = "SELECT tag, title FROM tag_title WHERE workspace_id = %s"
_CALL = """
INSERT INTO tag_title (workspace_id, tag, title) VALUES (%s, %s, %s) ON CONFLICT (workspace_id, tag) DO UPDATE SET title = EXCLUDED.title
"""
_UNCALL = "DELETE FROM tag_title WHERE workspace_id = %s AND tag = %s"


@dataclass(frozen=True)
class Tag:
    """contacts: how many have it; last: when somebody got it last; title: what members call it, its key where they call it nothing."""

    name: str
    contacts: int
    last: datetime
    title: str


def count_tags(conn: psycopg.Connection[Any], workspace_id: int) -> list[Tag]:
    """The most frequent first, MOST of them at most."""
    with conn.cursor(row_factory=class_row(Tag)) as cursor:
        asked = {"workspace": workspace_id, "most": MOST}
        return cursor.execute(load_sql("safar.contacts", "tags"), asked).fetchall()


def tag_titles(conn: psycopg.Connection[Any], workspace_id: int) -> dict[str, str]:
    """Tag → what it is called, those that are called something else than they are."""
    return dict(conn.execute(_TITLES, (workspace_id,)).fetchall())


def rename_tag(conn: psycopg.Connection[Any], workspace_id: int, tag: str, title: str) -> None:
    """Call a tag something else; its own key, or nothing, takes the title away. Raises Refused.

    The key stays: journeys, segments and the past know the tag by it, and what is true of a contact changes by events alone.
    """
    title = " ".join(title.replace("\0", "").split())
    if len(title) > LONGEST_TITLE:
        raise Refused([Fault("title", f"is longer than {LONGEST_TITLE} characters")])
    if not title or title == tag:
        conn.execute(_UNCALL, (workspace_id, tag))
        return
    if any(title == called and other != tag for other, called in tag_titles(conn, workspace_id).items()):
        raise Refused([Fault("title", "another tag is called that already")])
    conn.execute(_CALL, (workspace_id, tag, title))


def meant(conn: psycopg.Connection[Any], workspace_id: int, typed: Sequence[str]) -> list[str]:
    """Tags as a member types them: a title means the tag that is called so."""
    called = {title: tag for tag, title in tag_titles(conn, workspace_id).items()}
    return list(dict.fromkeys(called.get(text, text) for text in typed))
