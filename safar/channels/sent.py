"""What became of messages: the newest first, by state, channel, journey, point, variant and reason; and one of them opened.

Pages go on from the last line (keyset), and a filter looks at no more than REACH messages at once: a page is as fast with a million messages
as with a hundred, and says how far back it has looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from safar.channels.places import read_place, write_place

REACH = (
    10_000  # messages that one page looks at: 5 to 50 ms among a million, 150 where those of one journey lie scattered
)
STATES = {
    "sent": "m.state IN ('accepted', 'assumed_sent')",
    "kept": "m.state = 'accepted' AND m.provider = 'mailbox'",
    "under_way": "m.state IN ('pending', 'sending', 'retry_wait')",
    "skipped": "m.state = 'skipped'",
    "failed": "m.state = 'failed'",
    "undelivered": "m.undelivered_at IS NOT NULL AND m.delivered_at IS NULL",
    "in_doubt": "m.state = 'in_doubt'",
    "opened": "m.opened_at IS NOT NULL",
    "clicked": "m.clicked_at IS NOT NULL",
    "unsubscribed": "m.unsubscribed_at IS NOT NULL",
}
# What stands as the subject of a webhook are its headers.
_LINE = """m.bucket, m.id, m.contact_id, m.journey_id, m.journey_key, m.point_key, m.kind, m.channel, m.template, m.variant, m.language,
    m.address, m.state, m.reason, m.provider, CASE WHEN m.kind <> 'webhook' THEN m.subject END AS subject, m.delivered_at, m.undelivered, m.undelivered_at, m.decided_at, coalesce(m.accepted_at, m.settled_at, m.sending_at, m.decided_at) AS at"""
_WHO = """left join contact c ON c.bucket = f.bucket AND c.id = f.contact_id AND c.erased_at IS NULL"""
_NAMES = "concat_ws(' ', c.traits ->> 'first_name', c.traits ->> 'last_name') AS name, c.id IS NOT NULL AS known"
_FROM = """FROM message m WHERE m.workspace_id = %(workspace)s{journey} AND (m.decided_at, m.id) < (%(at)s, %(id)s)
    ORDER BY m.decided_at DESC, m.id DESC"""
_LIST = f"""
    SELECT f.*, {_NAMES} FROM (
        SELECT {_LINE}, left(m.body_text, 160) AS beginning FROM (SELECT m.* {_FROM} LIMIT %(reach)s) m
         WHERE {{which}} ORDER BY m.decided_at DESC, m.id DESC LIMIT %(size)s) f {_WHO}
     ORDER BY f.decided_at DESC, f.id DESC"""
_LAST = f"SELECT m.decided_at, m.id {_FROM} OFFSET %(reach)s - 1 LIMIT 1"
# Those in doubt are few, and the outbox knows them.
_DOUBTED = f"""
    SELECT f.*, {_NAMES} FROM (
        SELECT {_LINE}, left(m.body_text, 160) AS beginning FROM outbox o
          JOIN message m ON (m.bucket, m.enrollment_id, m.entry_no, m.trail_pos, m.point)
                          = (o.bucket, o.enrollment_id, o.entry_no, o.trail_pos, o.point)
         WHERE o.state IN (1, 2, 4) AND o.state = 4 AND o.workspace_id = %(workspace)s{{journey}} AND {{which}}
           AND (m.decided_at, m.id) < (%(at)s, %(id)s)
         ORDER BY m.decided_at DESC, m.id DESC LIMIT %(size)s) f {_WHO}
     ORDER BY f.decided_at DESC, f.id DESC"""
_ONE = f"""
    SELECT f.*, {_NAMES}, b.reason AS kept_for FROM (
        SELECT {_LINE}, left(m.body_text, 160) AS beginning, m.class AS klass, m.topic, m.said, m.attempt, m.sender, m.body_html, m.body_text, m.pattern ->> 'code' AS pattern,
               m.parts, m.part_price, m.sending_at, m.doubt_at, m.accepted_at, m.settled_at
          FROM message m WHERE m.bucket = %(bucket)s AND m.id = %(id)s AND m.workspace_id = %(workspace)s) f
      {_WHO} LEFT JOIN mailbox b ON b.bucket = f.bucket AND b.message_id = f.id"""
_SINCE = """
    SELECT timestamp, name FROM event
     WHERE bucket = %(bucket)s AND contact_id = %(contact)s AND name = ANY (%(names)s) AND timestamp >= %(since)s
       AND properties ->> 'message_id' = %(message)s
     ORDER BY timestamp LIMIT 50"""
READERS = (  # what they opened and clicked is known more exactly (tracking.showing)
    "message_bounced",
    "message_complained",
    "unsubscribed",
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list is narrowed to; empty: everything. state: of STATES. journey_id: 0 for every journey."""

    state: str = ""
    channel: str = ""
    journey_id: int = 0
    point: str = ""
    variant: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. at: when it came to where it is. name, known: of the contact, where it is there. beginning: of its text."""

    bucket: int
    id: int
    contact_id: int
    journey_id: int
    journey_key: str | None
    point_key: str | None
    kind: str
    channel: str
    template: str | None
    variant: str | None
    language: str | None
    address: str | None
    state: str
    reason: str | None
    provider: str | None
    subject: str | None
    decided_at: datetime
    at: datetime
    delivered_at: datetime | None  # the service reported that it arrived
    undelivered: str | None  # or why it did not
    undelivered_at: datetime | None
    beginning: str | None
    name: str
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Line):
    """With all that is kept of it. said: the provider's own words. kept_for: why it stayed in the mailbox. body: empty where it is kept no more."""

    klass: str
    topic: str | None
    said: str | None
    attempt: int
    sender: str | None
    body_html: str | None
    body_text: str | None
    pattern: str | None  # the code of the one that an SMS went by
    parts: int | None
    part_price: Decimal | None
    sending_at: datetime | None
    doubt_at: datetime | None
    accepted_at: datetime | None
    settled_at: datetime | None
    kept_for: str | None


@dataclass(frozen=True)
class Page:
    """following: where the next page goes on, empty at the end. looked_to: of a page that is not full, how far back it looked."""

    lines: list[Line]
    following: str = ""
    looked_to: datetime | None = None


def list_sent(
    conn: Connection[Any], workspace_id: int, asked: Asked, *, after: str = "", size: int = 50, reach: int = REACH
) -> Page:
    """after: what a page said was following. Raises ValueError for a state, or a place to go on from, that does not exist."""
    if asked.state and asked.state not in STATES:
        raise ValueError(f"there is no state '{asked.state}'")
    at, number = read_place(after)
    given: dict[str, Any] = {"workspace": workspace_id, "at": at, "id": number, "reach": reach, "size": size + 1}
    which = [STATES[asked.state]] if asked.state else []
    why = "undelivered" if asked.state == "undelivered" else "reason"
    for name, column in (("channel", "channel"), ("point", "point_key"), ("variant", "variant"), ("reason", why)):
        if value := getattr(asked, name):
            which.append(f"m.{column} = %({name})s")
            given[name] = value
    journey = " AND m.journey_id = %(journey)s" if asked.journey_id else ""
    given["journey"] = asked.journey_id
    text = (_DOUBTED if asked.state == "in_doubt" else _LIST).format(
        which=" AND ".join(which) or "true", journey=journey
    )
    with conn.cursor(row_factory=class_row(Line)) as cursor:
        lines = cursor.execute(text, given).fetchall()
    if len(lines) > size:
        last = lines[size - 1]
        return Page(lines[:size], write_place(last.decided_at, last.id))
    if asked.state == "in_doubt" or not which:
        return Page(lines)
    end = conn.execute(_LAST.format(journey=journey), given).fetchone()
    return Page(lines, write_place(*end), end[0]) if end else Page(lines)


def open_sent(conn: Connection[Any], workspace_id: int, bucket: int, id: int) -> Opened | None:
    """One message; None where the workspace has none of that number."""
    with conn.cursor(row_factory=class_row(Opened)) as cursor:
        return cursor.execute(_ONE, {"workspace": workspace_id, "bucket": bucket, "id": id}).fetchone()


def read_since(conn: Connection[Any], opened: Opened) -> list[tuple[datetime, str]]:
    """(when, name of the event) of what its reader did since, as far as events name the message."""
    asked = {
        "bucket": opened.bucket,
        "contact": opened.contact_id,
        "names": list(READERS),
        "since": opened.decided_at,
        "message": f"{opened.bucket}-{opened.id}",
    }
    return conn.execute(_SINCE, asked).fetchall()


def count_doubted(conn: Connection[Any], workspace_id: int) -> int:
    """Messages in doubt, for a person or for the policy."""
    row = conn.execute(
        "SELECT count(*) FROM outbox WHERE state IN (1, 2, 4) AND state = 4 AND workspace_id = %s", (workspace_id,)
    ).fetchone()
    return int(row[0]) if row else 0
