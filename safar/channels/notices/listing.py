"""Every notice, the newest first: of whom, by which point, what it says, and what became of it at each destination.

Pages go on from the last line, and a filter looks at no more than REACH notices at once, as with sent messages.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from safar.channels.places import read_place, write_place

REACH = 10_000
_TOLD = "EXISTS (SELECT FROM telling t JOIN message m ON m.bucket = 0 AND m.enrollment_id = -t.digest_id WHERE t.bucket = n.bucket AND t.notice_id = n.id AND m.state IN {})"
STATES = {
    "waiting": "EXISTS (SELECT FROM telling t WHERE t.bucket = n.bucket AND t.notice_id = n.id AND t.digest_id IS NULL)",
    "told": _TOLD.format("('accepted', 'assumed_sent')"),
    "failed": _TOLD.format("('failed', 'skipped')"),
    "nowhere": "NOT EXISTS (SELECT FROM telling t WHERE t.bucket = n.bucket AND t.notice_id = n.id)",
}
_FROM = """FROM notice n WHERE n.workspace_id = %(workspace)s AND (n.at, n.id) < (%(at)s, %(id)s) ORDER BY n.at DESC, n.id DESC"""
_LIST = f"""
    SELECT f.*, concat_ws(' ', c.traits ->> 'first_name', c.traits ->> 'last_name') AS name, c.id IS NOT NULL AS known
      FROM (SELECT n.bucket, n.id, n.contact_id, n.journey_id, n.journey_key, n.point_key, n.texts::text AS texts, n.at
              FROM (SELECT n.* {_FROM} LIMIT %(reach)s) n WHERE {{which}} ORDER BY n.at DESC, n.id DESC LIMIT %(size)s) f
      LEFT JOIN contact c ON c.bucket = f.bucket AND c.id = f.contact_id AND c.erased_at IS NULL
     ORDER BY f.at DESC, f.id DESC"""
_LAST = f"SELECT n.at, n.id {_FROM} OFFSET %(reach)s - 1 LIMIT 1"
# Of a digest with several messages (a number each) the one that needs somebody most.
_TELLINGS = """
    SELECT t.bucket, t.notice_id, d.name, d.paused_at IS NOT NULL AS paused, t.digest_id IS NOT NULL AS taken, t.counted,
           m.id AS message, m.state, m.reason, m.said, m.provider, coalesce(m.settled_at, m.sending_at, g.made_at) AS at
      FROM json_to_recordset(%(notices)s::json) AS r (bucket smallint, id bigint)
      JOIN telling t ON t.bucket = r.bucket AND t.notice_id = r.id
      LEFT JOIN destination d ON d.id = t.destination_id
      LEFT JOIN digest g ON g.id = t.digest_id
      LEFT JOIN LATERAL (
        SELECT m.* FROM message m WHERE m.bucket = 0 AND m.enrollment_id = -t.digest_id
         ORDER BY array_position(ARRAY['failed', 'skipped', 'in_doubt', 'retry_wait', 'pending', 'sending', 'assumed_sent', 'accepted'], m.state)
         LIMIT 1) m ON true
     ORDER BY t.at, t.destination_id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list is narrowed to; empty: everything. state: of STATES; about: ``journeys`` or ``warnings``; destination: a number."""

    state: str = ""
    about: str = ""
    journey_id: int = 0
    destination: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What became of a notice at a destination. name: None where it was taken away. message: the number of the digest's message, as the page of sent
    messages knows it."""

    name: str | None
    paused: bool
    taken: bool
    counted: bool
    message: int | None
    state: str | None
    reason: str | None
    said: str | None
    provider: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """contact_id: 0 for a warning."""

    bucket: int
    id: int
    contact_id: int
    journey_id: int
    journey_key: str | None
    point_key: str | None
    texts: Mapping[str, str]
    at: datetime
    name: str
    known: bool
    tellings: list[Telling] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """following: where the next page goes on, empty at the end. looked_to: of a page that is not full, how far back it looked."""

    notices: list[Notice]
    following: str = ""
    looked_to: datetime | None = None


def list_notices(
    conn: Connection[Any], workspace_id: int, asked: Asked, *, after: str = "", size: int = 50, reach: int = REACH
) -> Page:
    """after: what a page said was following. Raises ValueError for a state, or a place to go on from, that does not exist."""
    at, number = read_place(after)
    given: dict[str, Any] = {"workspace": workspace_id, "at": at, "id": number, "reach": reach, "size": size + 1}
    which = _which(asked, given)
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_LIST.format(which=" AND ".join(which) or "true").encode(), given).fetchall()
        more, rows = rows[size:], rows[:size]
        told = defaultdict(list)
        keys = json.dumps([{"bucket": row["bucket"], "id": row["id"]} for row in rows])
        for one in cursor.execute(_TELLINGS, {"notices": keys}).fetchall() if rows else ():
            told[one.pop("bucket"), one.pop("notice_id")].append(Telling(**one))
    notices = [
        Notice(**{**row, "texts": json.loads(row["texts"])}, tellings=told[row["bucket"], row["id"]]) for row in rows
    ]
    if more:
        return Page(notices, write_place(notices[-1].at, notices[-1].id))
    end = conn.execute(_LAST, given).fetchone() if which else None
    return Page(notices, write_place(*end), end[0]) if end else Page(notices)


def _which(asked: Asked, given: dict[str, Any]) -> list[str]:
    which = []
    if asked.state:
        if asked.state not in STATES:
            raise ValueError(f"there is no state '{asked.state[:40]}'")
        which.append(STATES[asked.state])
    if asked.about:
        which.append({"journeys": "n.contact_id <> 0", "warnings": "n.contact_id = 0"}[asked.about])
    if asked.journey_id:
        which.append("n.journey_id = %(journey)s")
        given["journey"] = asked.journey_id
    if asked.destination:
        which.append(
            "EXISTS (SELECT FROM telling t WHERE t.bucket = n.bucket AND t.notice_id = n.id AND t.destination_id = %(destination)s)"
        )
        given["destination"] = asked.destination
    return which
