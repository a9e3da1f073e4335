"""The calls of a workspace's webhooks, the newest first, and calling again by hand.

Pages go on from the last line, and sifting looks at no more than REACH calls at once, as with sent messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.places import read_place, write_place
from safar.channels.webhooks.addresses import queue_of
from safar.outbox.rows import CHANNEL

SHOWN = 50
REACH = 10_000
ENDED = ("accepted", "failed", "skipped", "assumed_sent")
TROUBLE = ("retry_wait", "failed", "skipped", "in_doubt", "assumed_sent")

_FROM = """FROM message m WHERE m.workspace_id = %(workspace)s AND m.kind = 'webhook' AND (m.decided_at, m.id) < (%(at)s, %(id)s)
 ORDER BY m.decided_at DESC, m.id DESC"""
_LIST = f"""
SELECT m.bucket, m.id, m.journey_key, m.point_key, m.address, m.state, m.reason, m.said, m.attempt, coalesce(m.settled_at, m.sending_at, m.decided_at), m.decided_at
  FROM (SELECT m.* {_FROM} LIMIT %(reach)s) m WHERE %(states)s::text[] IS NULL OR m.state = ANY (%(states)s)
 ORDER BY m.decided_at DESC, m.id DESC LIMIT %(size)s"""
_LAST = f"SELECT m.decided_at, m.id {_FROM} OFFSET %(reach)s - 1 LIMIT 1"
_ADDRESS = "SELECT address FROM message WHERE bucket = %(bucket)s AND id = %(id)s AND workspace_id = %(workspace)s AND address IS NOT NULL"
# The same words to the same address, as a decision of its own: trail positions below zero belong to people's hands.
_AGAIN = """
INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at)
SELECT m.bucket, m.workspace_id, m.contact_id, m.journey_id, m.enrollment_id, m.entry_no,
       least(0, (SELECT min(x.trail_pos) FROM message x WHERE (x.bucket, x.enrollment_id, x.entry_no, x.point) = (m.bucket, m.enrollment_id, m.entry_no, m.point))) - 1,
       m.point, 'webhook', jsonb_build_object('journey', m.journey_key, 'point', m.point_key, 'class', 'webhook', 'url', m.address, 'channel', %(queue)s::text,
           'made', jsonb_build_object('subject', m.subject, 'text', m.body_text)), now(), now()
  FROM message m
 WHERE m.bucket = %(bucket)s AND m.id = %(id)s AND m.workspace_id = %(workspace)s AND m.kind = 'webhook' AND m.state = ANY (%(ended)s)
   AND m.body_text IS NOT NULL AND m.address IS NOT NULL
    ON CONFLICT (bucket, enrollment_id, entry_no, trail_pos, point) DO UPDATE SET due_at = EXCLUDED.due_at RETURNING 1"""


@dataclass(frozen=True)
class Delivery:
    """journey: None where an address is told of an event; point is then the event's name. at: when it came to where it is. attempt: calls made."""

    bucket: int
    id: int
    journey: str | None
    point: str | None
    address: str | None
    state: str
    reason: str | None
    said: str | None
    attempt: int
    at: datetime
    decided_at: datetime

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True)
class Page:
    """following: where the next page goes on, empty at the end. looked_to: of a page that is not full, how far back it looked."""

    calls: list[Delivery]
    following: str = ""
    looked_to: datetime | None = None


def list_deliveries(
    conn: Connection[Any],
    workspace_id: int,
    *,
    trouble: bool = False,
    after: str = "",
    size: int = SHOWN,
    reach: int = REACH,
) -> Page:
    """trouble: only those that are not answered; after: what a page said was following. Raises ValueError for a place that does not exist."""
    at, number = read_place(after)
    asked = {"workspace": workspace_id, "at": at, "id": number, "reach": reach, "size": size + 1}
    states = list(TROUBLE) if trouble else None
    calls = [Delivery(*row) for row in conn.execute(_LIST, {**asked, "states": states})]
    if len(calls) > size:
        last = calls[size - 1]
        return Page(calls[:size], write_place(last.decided_at, last.id))
    end = conn.execute(_LAST, asked).fetchone() if trouble else None
    return Page(calls, write_place(*end), end[0]) if end else Page(calls)


def call_again(conn: Connection[Any], workspace_id: int, bucket: int, id: int) -> bool:
    """False where there is no such call at its end, or what it said is kept no more. While one made by hand still waits, that is the one."""
    asked = {"workspace": workspace_id, "bucket": bucket, "id": id, "ended": list(ENDED)}
    row = conn.execute(_ADDRESS, asked).fetchone()
    if row is None:
        return False
    found = conn.execute(_AGAIN, asked | {"queue": queue_of(row[0])}).fetchone()
    conn.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return found is not None
