"""Openings and clicks for pages: of one message, and links of a template with how many clicked each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

REACH = 10_000  # messages that are looked at for a template's links, from the newest on
_OF_MESSAGE = """
    SELECT r.at, r.link_id = 0 AS opened, coalesce(l.url, '') AS url, r.machine, r.reason
      FROM reaction r LEFT JOIN link l ON l.workspace_id = r.workspace_id AND l.id = r.link_id
     WHERE r.bucket = %s AND r.message_id = %s AND r.workspace_id = %s AND r.link_id <> 1
     ORDER BY r.at, r.link_id LIMIT 100"""
# Reactions are looked up by the key, for the messages somebody clicked in.
_OF_TEMPLATE = """
    SELECT coalesce(l.url, '') AS url, sum(x.people)::integer AS people, sum(x.machines)::integer AS machines
      FROM (SELECT m.bucket, m.id, m.template FROM message m
             WHERE m.workspace_id = %(workspace)s ORDER BY m.decided_at DESC, m.id DESC LIMIT %(reach)s) m
     CROSS JOIN LATERAL (
        SELECT r.link_id, bool_or(NOT r.machine)::integer AS people, bool_and(r.machine)::integer AS machines
          FROM reaction r WHERE r.bucket = m.bucket AND r.message_id = m.id AND r.link_id > 1 GROUP BY r.link_id) x
      JOIN link l ON l.workspace_id = %(workspace)s AND l.id = x.link_id
     WHERE m.template = %(template)s
     GROUP BY l.url ORDER BY people DESC, machines DESC, l.url LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class Reaction:
    """opened: else a link was followed. reason: by what a machine was known."""

    at: datetime
    opened: bool
    url: str
    machine: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A link: messages in which a person followed it, and those in which machines alone did."""

    url: str
    people: int
    machines: int


def read_reactions(conn: Connection[Any], workspace_id: int, bucket: int, message_id: int) -> list[Reaction]:
    """To one message, in order; once an hour each."""
    with conn.cursor(row_factory=class_row(Reaction)) as cursor:
        return cursor.execute(_OF_MESSAGE, (bucket, message_id, workspace_id)).fetchall()


def read_followed(conn: Connection[Any], workspace_id: int, template: str, *, most: int = 20) -> list[Followed]:
    """Links of a template, the most followed first, among the workspace's newest REACH messages."""
    asked = {"workspace": workspace_id, "template": template, "reach": REACH, "most": most}
    with conn.cursor(row_factory=class_row(Followed)) as cursor:
        return cursor.execute(_OF_TEMPLATE, asked).fetchall()
