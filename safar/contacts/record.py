"""The consent record, read: of one contact, of a workspace by what is asked, and as a CSV file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from safar.contacts.export import as_lines, safe
from safar.contacts.topics import CHANNEL_PREFIX

REACH = 20_000  # rows that one page looks at where something was asked for
PAGE = 1_000  # rows of the file read at a time
COLUMNS = ("at", "contact", "name", "known_as", "purpose", "channel", "topic", "state", "method", "text_version")
PROOFS = ("ip", "user_agent", "page", "address", "form", "text", "by", "reason", "file", "message", "event", "journey")

# Of contacts that were merged the other one has the rows as well.
_LIST = """
SELECT r.id, r.contact_id, r.at, r.channel, r.state, r.purpose, r.method, r.text_version, r.proof,
    coalesce(nullif(concat_ws(' ', c.traits ->> 'first_name', c.traits ->> 'last_name'), ''), c.traits ->> 'name', '') AS name,
    coalesce(c.email, c.phone, c.external_id, '') AS known_as
FROM (SELECT * FROM consent_record WHERE workspace_id = %(workspace)s AND id < %(before)s ORDER BY id DESC LIMIT %(reach)s) r
JOIN contact c ON c.bucket = r.bucket AND c.id = r.contact_id AND c.merged_into IS NULL
WHERE (%(channel)s = '' OR r.channel = %(channel)s OR %(channel)s = 'topic' AND starts_with(r.channel, 'topic:'))
    AND (%(state)s = '' OR r.state = %(state)s) AND (%(method)s = '' OR r.method = %(method)s)
ORDER BY r.id DESC LIMIT %(size)s
"""
_LAST = """
SELECT min(id) FROM (SELECT id FROM consent_record WHERE workspace_id = %(workspace)s AND id < %(before)s ORDER BY id DESC LIMIT %(reach)s) r
"""
_OF_CONTACT = """
SELECT id, contact_id, at, channel, state, purpose, method, text_version, proof, '' AS name, '' AS known_as FROM consent_record
WHERE bucket = %s AND contact_id = %s ORDER BY at DESC, id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the record. channel: email, sms, topic:<key>, frequency, pause. proof: by the names of PROOFS."""

    id: int
    contact_id: int
    at: datetime
    channel: str
    state: str
    purpose: str
    method: str
    text_version: str | None
    proof: dict[str, Any]
    name: str
    known_as: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Empty: any. channel: email, sms, frequency, pause, topic (any), topic:<key>. before: a row's number."""

    channel: str = ""
    state: str = ""
    method: str = ""
    before: int = 2**62


def list_records(
    conn: psycopg.Connection[Any], workspace_id: int, asked: Asked, *, size: int = 50
) -> tuple[list[Entry], int | None]:
    """The newest first, and before which number one goes on; None where there are no more. A page may be short where few are like that."""
    given = {"workspace": workspace_id, "channel": asked.channel, "state": asked.state, "method": asked.method}
    given |= {"before": asked.before, "reach": REACH, "size": size}
    with conn.cursor(row_factory=class_row(Entry)) as cursor:
        found = cursor.execute(_LIST, given).fetchall()
    if len(found) == size:
        return found, found[-1].id
    last = conn.execute(_LAST, given).fetchone()
    more = (
        last is not None
        and last[0] is not None
        and conn.execute(_LAST, {**given, "before": last[0], "reach": 1}).fetchone() != (None,)
    )
    return found, last[0] if more and last else None


def records_of(conn: psycopg.Connection[Any], contact: int, most: int = 200) -> list[Entry]:
    """A contact's, the newest first."""
    with conn.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(_OF_CONTACT, (contact & 1023, contact, most)).fetchall()


def export_records(conn: psycopg.Connection[Any], workspace_id: int, asked: Asked) -> Iterator[str]:
    """The file, a piece at a time; asked for as the list is."""
    yield "\ufeff" + as_lines([[*COLUMNS, *PROOFS]])
    following: int | None = asked.before
    while following is not None:
        found, following = list_records(conn, workspace_id, replace(asked, before=following), size=PAGE)
        if found:
            yield as_lines([_row(entry) for entry in found])


def _row(entry: Entry) -> list[str]:
    topic = entry.channel.removeprefix(CHANNEL_PREFIX) if entry.channel.startswith(CHANNEL_PREFIX) else ""
    first = [entry.at.isoformat(), str(entry.contact_id), entry.name, entry.known_as, entry.purpose]
    said = ["topic" if topic else entry.channel, topic, entry.state, entry.method, entry.text_version or ""]
    proofs = [entry.proof.get(name) for name in PROOFS]
    return [safe(one) for one in [*first, *said, *(_text(one) for one in proofs)]]


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
