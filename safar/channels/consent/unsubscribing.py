"""What stands behind an unsubscribe link: whom and which topics it is about, and the unsubscribing itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from psycopg.types.json import Jsonb

from safar.channels.tokens import Unsubscribe
from safar.contacts.suppressing import fold_address, spellings
from safar.contacts.topics import JOINED, LEFT
from safar.outbox.statements import statement

ONE_CLICK, PAGE = "one_click", "page"  # how it was asked for: kept as the proof

_WHO = """
    SELECT w.name, coalesce(m.language, c.language, w.language), coalesce(m.channel, 'email'), m.address, m.topic
      FROM contact c
      JOIN accounts_workspace w ON w.id = c.workspace_id
      LEFT JOIN message m ON m.bucket = c.bucket AND m.id = %(message_id)s AND m.contact_id = c.id
     WHERE c.bucket = %(bucket)s AND c.id = %(contact_id)s AND c.workspace_id = %(workspace_id)s"""

# Those that contacts may see, with what this one said of each.
_TOPICS = """
    SELECT t.key, t.title, t.description, n.state
      FROM topic t
      LEFT JOIN consent n ON n.bucket = %(bucket)s AND n.contact_id = %(contact_id)s AND n.channel = 'topic:' || t.key
     WHERE t.workspace_id = %(workspace_id)s AND t.shown ORDER BY t.place, t.key"""

# The contact's own, and where the message went.
_ADDRESSES = """
    SELECT x.channel, x.address, x.own FROM contact c
      LEFT JOIN message m ON m.bucket = c.bucket AND m.id = %(message_id)s AND m.contact_id = c.id
     CROSS JOIN LATERAL (VALUES ('email', c.email, true), ('sms', c.phone, true), (m.channel, m.address, false)) AS x (channel, address, own)
     WHERE c.bucket = %(bucket)s AND c.id = %(contact_id)s AND c.workspace_id = %(workspace_id)s AND btrim(x.address) <> ''"""


class Cursor(Protocol):
    """Django's cursor or psycopg's."""

    def execute(self, query: Any, params: Any = None) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic that the contact may choose. taken: they have not left it."""

    key: str
    title: str
    description: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the page shows. topic: the message's own, where contacts may see it. topics: all that they may see, in order."""

    workspace: str
    language: str  # fa | en
    channel: str
    address: str | None
    topic: Choice | None = None
    topics: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Addresses:
    """listed: channel → the contact's address and the message's as the suppression list has them. known: how else the contact's may stand there."""

    listed: Mapping[str, list[str]]
    known: Sequence[str]


def look_up(cursor: Cursor, what: Unsubscribe) -> Subscription | None:
    """Whom a token is about; None where the contact is not there any more. Changes nothing."""
    cursor.execute(_WHO, _columns(what))
    row = cursor.fetchone()
    if row is None:
        return None
    language = "fa" if str(row[1]).startswith("fa") else "en"
    topics = read_topics(cursor, what, language)
    own = next((topic for topic in topics if topic.key == row[4]), None)
    return Subscription(row[0], language, row[2], row[3], own, topics)


def read_topics(cursor: Cursor, what: Unsubscribe, language: str) -> tuple[Choice, ...]:
    """Those that the contact may see, in order."""
    cursor.execute(_TOPICS, _columns(what))
    return tuple(
        Choice(key, _called(title, language) or key, _called(description, language), state != LEFT)
        for key, title, description, state in cursor.fetchall()
    )


def read_addresses(cursor: Cursor, what: Unsubscribe) -> Addresses:
    """What leaving puts onto the suppression list, and coming back takes off it."""
    cursor.execute(_ADDRESSES, _columns(what))
    listed: dict[str, list[str]] = {}
    known: list[str] = []
    for channel, address, own in cursor.fetchall():
        listed.setdefault(channel, []).append(fold_address(channel, address))
        known += spellings(channel, address) if own else ()
    return Addresses(listed, known)


def unsubscribe(cursor: Cursor, what: Unsubscribe, *, proof: Mapping[str, str], now: datetime | None = None) -> bool:
    """Suppress the addresses and withdraw the consent, in one statement. proof: method (ONE_CLICK, PAGE), ip, … False where the contact is not there any more."""
    sql = statement("unsubscribe", "safar.channels.consent").as_string(None)
    listed = Jsonb(read_addresses(cursor, what).listed)
    cursor.execute(sql, {**_columns(what), "addresses": listed, "proof": Jsonb(dict(proof)), "now": now})
    return cursor.fetchone() is not None


def choose_topics(
    cursor: Cursor,
    what: Unsubscribe,
    choices: Mapping[str, bool],
    *,
    proof: Mapping[str, str],
    now: datetime | None = None,
) -> bool:
    """topic → taken: an event for each that changes something. False where the contact is not there any more.

    The engine applies it within moments; until then a message of the topic may still go out.
    """
    sql = statement("choose_topics", "safar.channels.consent").as_string(None)
    said = Jsonb({key: JOINED if taken else LEFT for key, taken in choices.items()})
    cursor.execute(sql, {**_columns(what), "proof": Jsonb(dict(proof)), "now": now, "said": said})
    return cursor.fetchone() is not None


def _called(texts: Any, language: str) -> str:
    texts = json.loads(texts) if isinstance(texts, str) else texts  # Django's cursor leaves jsonb as text
    return str(texts.get(language) or next(filter(None, texts.values()), ""))


def _columns(what: Unsubscribe) -> dict[str, int]:
    return {
        "workspace_id": what.workspace_id,
        "contact_id": what.contact_id,
        "bucket": what.bucket,
        "message_id": what.message_id,
    }
