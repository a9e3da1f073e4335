"""What arrived in a workspace lately: events as they were applied, the newest first, and how many still wait."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from safar.contacts.ids import bucket

HOUR = timedelta(hours=1)
# How many of the installation's last events are looked at, one after the other until a page is full: a busy hour holds a million, and an import
# puts a hundred thousand into one moment. None: the whole hour.
WINDOWS = (2_000, 40_000, None)
SECONDS = 2.0
MOST_WAITING = 1_000

_COLUMNS = """
e.seq, e.applied_at, e.timestamp, e.type, e.name, e.properties::text, e.traits::text, e.context::text, e.message_id, e.cause,
e.contact_id, coalesce(c.email, c.phone, c.external_id, c.key), c.external_id, c.key
"""
_FILTER = """
e.workspace_id = %(workspace)s AND (%(type)s = '' OR e.type = %(type)s) AND (%(name)s = '' OR e.name = %(name)s)
AND (%(before)s::bigint IS NULL OR e.seq < %(before)s) AND (%(newer)s::bigint IS NULL OR e.seq > %(newer)s)
"""
# The page first, then whose events they are: a busy hour holds a hundred thousand, and a page fifty.
_LATELY = f"""
SELECT {_COLUMNS} FROM (SELECT * FROM event e WHERE e.applied_at > %(since)s AND e.seq > %(above)s AND {_FILTER} ORDER BY e.seq DESC LIMIT %(limit)s) e
JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id ORDER BY e.seq DESC
"""
_OF_CONTACT = f"""
SELECT {_COLUMNS} FROM event e JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id
WHERE e.bucket = %(bucket)s AND e.contact_id = %(contact)s AND e.applied_at > %(since)s AND {_FILTER} ORDER BY e.seq DESC LIMIT %(limit)s
"""
_WAITING = "SELECT count(*) FROM (SELECT FROM inbox WHERE workspace_id = %s LIMIT %s) i"


@dataclass(frozen=True)
class Arrived:
    """One event. known_as: the contact's address, else its userId or key; user: its userId, None where it has none."""

    seq: int
    applied_at: datetime
    timestamp: datetime
    type: str
    name: str
    properties: Mapping[str, Any]
    traits: Mapping[str, Any] | None
    context: Mapping[str, Any] | None
    message_id: str | None
    cause: str | None
    contact: int
    known_as: str
    user: str | None
    key: str


@dataclass(frozen=True)
class Lately:
    """events: of the last hour, the newest first. more: there are older ones in it. cut: looking took too long."""

    events: list[Arrived]
    more: bool = False
    cut: bool = False


def read_lately(
    conn: psycopg.Connection[Any],
    workspace_id: int,
    *,
    now: datetime,
    type: str = "",
    name: str = "",
    contact: int | None = None,
    before: int | None = None,
    newer: int | None = None,
    limit: int = 50,
) -> Lately:
    """before, newer: sequence numbers between which to look. The connection is autocommit, no transaction open."""
    asked = {
        "workspace": workspace_id, "type": type, "name": name, "before": before, "newer": newer, "limit": limit + 1,
        "contact": contact, "bucket": None if contact is None else bucket(contact),
    }  # fmt: skip
    found: list[tuple[Any, ...]] = []
    try:
        with conn.transaction():
            conn.execute("SELECT set_config('statement_timeout', %s, true)", (str(round(SECONDS * 1000)),))
            row = conn.execute("SELECT last_value FROM event_seq").fetchone()
            last = row[0] if row else 0
            for window in WINDOWS if contact is None else (None,):
                statement = _LATELY if contact is None else _OF_CONTACT
                above = max(0 if window is None else last - window, newer or 0)
                found = conn.execute(statement.encode(), {**asked, "since": now - HOUR, "above": above}).fetchall()
                if len(found) > limit or above == newer:
                    break
    except psycopg.errors.QueryCanceled:
        return Lately([_arrived(row) for row in found[:limit]], cut=True)
    return Lately([_arrived(row) for row in found[:limit]], more=len(found) > limit)


def count_waiting(conn: psycopg.Connection[Any], workspace_id: int) -> int:
    """Accepted and not applied yet; MOST_WAITING stands for that many or more."""
    row = conn.execute(_WAITING, (workspace_id, MOST_WAITING)).fetchone()
    return int(row[0]) if row else 0


def _arrived(row: tuple[Any, ...]) -> Arrived:
    seq, applied_at, timestamp, type, name, properties, traits, context, *rest = row
    return Arrived(seq, applied_at, timestamp, type, name, *map(_plain, (properties, traits, context)), *rest)


def _plain(text: str | None) -> Any:
    return None if text is None else json.loads(text)
