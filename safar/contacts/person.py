"""One contact, as far as this room knows it: names, traits, facts, tags, consents, and which of its addresses are suppressed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from safar.contacts.ids import bucket
from safar.contacts.listing import name_of
from safar.contacts.suppressing import spellings
from safar.contacts.topics import CHANNEL_PREFIX

CHANNELS = ("email", "sms")
_CONTACT = "SELECT * FROM contact WHERE bucket = %(bucket)s AND id = %(contact)s AND workspace_id = %(workspace)s"
_NAMES = (
    "SELECT kind, value FROM identity WHERE contact_id = %(contact)s AND workspace_id = %(workspace)s ORDER BY 1, 2"
)
_FACTS = "SELECT * FROM contact_facts WHERE bucket = %(bucket)s AND contact_id = %(contact)s"
_TAGS = "SELECT tag, at FROM contact_tag WHERE bucket = %(bucket)s AND contact_id = %(contact)s ORDER BY at, tag"
_CONSENTS = (
    "SELECT channel, state, at, source FROM consent WHERE bucket = %(bucket)s AND contact_id = %(contact)s ORDER BY 1"
)
_SUPPRESSED = """
SELECT channel, address, split_part(reason, ':', 1) AS reason, at FROM suppression WHERE workspace_id = %(workspace)s
    AND ((channel = 'email' AND address = %(email)s) OR (channel = 'sms' AND address = ANY (%(phones)s)))
"""


@dataclass(frozen=True)
class Consent:
    """state: given, pending, withdrawn, unknown. suppressed: why the address gets nothing whatever the state; empty: it may."""

    channel: str
    state: str
    at: datetime | None = None
    source: str = ""
    suppressed: str = ""
    suppressed_at: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """What a contact said of a topic. state: joined, left, unknown."""

    topic: str
    state: str
    at: datetime | None = None
    source: str = ""


@dataclass(frozen=True)
class Person:
    """names: (kind, value) as `identity` has them. facts: the row of contact_facts, empty where nothing was ever applied."""

    id: int
    workspace_id: int
    key: str
    external_id: str | None
    email: str | None
    phone: str | None
    traits: dict[str, Any]
    zone: str | None
    language: str | None
    created_at: datetime | None
    merged_into: int | None
    erased_at: datetime | None
    names: list[tuple[int, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    tags: list[tuple[str, datetime]] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    topics: list[Taken] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called; empty where no trait says it."""
        return name_of(self.traits)

    @property
    def known_as(self) -> str:
        """An address or an id that stands for it where it has no name."""
        return self.email or self.phone or self.external_id or self.key


def find_person(conn: psycopg.Connection[Any], workspace_id: int, contact: int) -> Person | None:
    """The contact alone, without what hangs on it; None where this workspace has none of that number."""
    if not 0 < contact < 2**63:
        return None
    row = _rows(conn, _CONTACT, _key(workspace_id, contact))
    return _person(row[0]) if row else None


def read_person(conn: psycopg.Connection[Any], workspace_id: int, contact: int) -> Person | None:
    """The contact with everything; a consent for each channel, ``unknown`` where nothing was said; the topics it spoke of. Six statements."""
    person = find_person(conn, workspace_id, contact)
    if person is None:
        return None
    key = _key(workspace_id, contact)
    asked = {**key, "email": (person.email or "").strip().lower(), "phones": spellings("sms", person.phone)}
    suppressed = {row["channel"]: row for row in _rows(conn, _SUPPRESSED, asked)}
    said = {row["channel"]: row for row in _rows(conn, _CONSENTS, key)}
    person.names.extend((row["kind"], row["value"]) for row in _rows(conn, _NAMES, key))
    person.facts.update(next(iter(_rows(conn, _FACTS, key)), {}))
    person.tags.extend((row["tag"], row["at"]) for row in _rows(conn, _TAGS, key))
    for channel in CHANNELS:
        found, stopped = said.get(channel, {}), suppressed.get(channel, {})
        person.consents.append(
            Consent(
                channel,
                found.get("state", "unknown"),
                found.get("at"),
                found.get("source", ""),
                stopped.get("reason", ""),
                stopped.get("at"),
            )
        )
    for channel, found in said.items():
        if channel.startswith(CHANNEL_PREFIX):
            topic = channel.removeprefix(CHANNEL_PREFIX)
            person.topics.append(Taken(topic, found["state"], found["at"], found["source"]))
    return person


def _key(workspace_id: int, contact: int) -> dict[str, Any]:
    return {"bucket": bucket(contact), "contact": contact, "workspace": workspace_id}


def _person(row: dict[str, Any]) -> Person:
    return Person(**{name: row[name] for name in Person.__dataclass_fields__ if name in row})


def _rows(conn: psycopg.Connection[Any], query: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), asked).fetchall()
