"""The preference centre: what a contact can choose, as it stands, and the choosing itself."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from safar.channels.consent.unsubscribing import Choice, Cursor, read_addresses, read_topics
from safar.channels.tokens import Unsubscribe
from safar.contacts.preferences import Preferences, read_preferences
from safar.contacts.privacy import Privacy
from safar.contacts.suppressing import marks as marks_of
from safar.contacts.suppressing import spellings
from safar.outbox.statements import statement

NAMED = ("first_name", "last_name", "name", "language")  # traits that contacts correct by themselves
LONGEST = 200  # characters of each
WAIT = 1.0  # seconds that the page waits for the engine

_WHO = """
    SELECT w.name, coalesce(c.language, w.language), c.email, c.phone, c.traits, p.accent, c.merged_into
      FROM contact c JOIN accounts_workspace w ON w.id = c.workspace_id LEFT JOIN privacy p ON p.workspace_id = w.id
     WHERE c.bucket = %(bucket)s AND c.id = %(contact_id)s AND c.workspace_id = %(workspace_id)s AND c.erased_at IS NULL"""
_CHANNELS = """
    SELECT x.channel, n.state, s.reason FROM (VALUES ('email'), ('sms')) AS x (channel)
      LEFT JOIN consent n ON n.bucket = %(bucket)s AND n.contact_id = %(contact_id)s AND n.channel = x.channel
      LEFT JOIN LATERAL (
        SELECT s.reason FROM suppression s WHERE s.workspace_id = %(workspace_id)s AND s.channel = x.channel AND s.address = ANY (%(known)s)
         ORDER BY s.reason = 'unsubscribed' LIMIT 1) s ON true"""
_WAITING = "SELECT FROM inbox WHERE lane = %s AND id = ANY (%s) LIMIT 1"


@dataclass(frozen=True, slots=True)
class Channel:
    """on: messages may come. closed: why the address takes nothing from us whatever is chosen (bounced, complained, by_hand, stop_word); empty: it does."""

    key: str  # email | sms
    address: str
    on: bool
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Centre:
    """What the page shows. names: of NAMED but the language, those that this contact is called by."""

    workspace: str
    language: str  # fa | en
    accent: str
    channels: tuple[Channel, ...]
    topics: tuple[Choice, ...]
    preferences: Preferences
    names: Mapping[str, str]
    marks: tuple[str, ...] = ()  # what stands for the addresses on the suppression list where their owner was erased


def look_up_centre(cursor: Cursor, what: Unsubscribe, keys: Sequence[str]) -> tuple[Unsubscribe, Centre] | None:
    """Whom a link is about (of a contact that was merged: whom into), and what they chose; None where nobody is there. Changes
    nothing. keys: secret keys of the installation."""
    asked = columns_of(what)
    for _ in range(8):  # mergers of mergers
        cursor.execute(_WHO, asked)
        row = cursor.fetchone()
        if row is None:
            return None
        if row[6] is None:
            break
        what = replace(what, contact_id=row[6], bucket=row[6] & 1023)
        asked = columns_of(what)
    name, tongue, email, phone, traits, accent, _merged = row
    traits = json.loads(traits) if isinstance(traits, str) else traits  # Django's cursor leaves jsonb as text
    language = "fa" if str(tongue).startswith("fa") else "en"
    addresses = {"email": email, "sms": phone}
    erased = _marks(addresses, keys)
    spelled = [one for channel, address in addresses.items() for one in spellings(channel, address)]
    cursor.execute(_CHANNELS, {**asked, "known": [*spelled, *erased]})
    channels = tuple(
        Channel(key, addresses[key], state == "given" and reason is None, _closed(reason))
        for key, state, reason in cursor.fetchall()
        if addresses[key]
    )
    whole = traits.get("name") and not traits.get("first_name") and not traits.get("last_name")
    names = {key: str(traits.get(key) or "") for key in (("name",) if whole else ("first_name", "last_name"))}
    topics, preferences = read_topics(cursor, what, language), read_preferences(cursor, what.contact_id)
    return what, Centre(name, language, accent or Privacy().accent, channels, topics, preferences, names, tuple(erased))


def _closed(reason: str | None) -> str:
    """Of a suppression: what they cannot take back here."""
    return "" if reason in (None, "unsubscribed") else reason.partition(":")[0]


def _marks(addresses: Mapping[str, str | None], keys: Sequence[str]) -> list[str]:
    return [one for channel, address in addresses.items() for one in marks_of(channel, address, keys)]


def prefer(
    cursor: Cursor,
    what: Unsubscribe,
    said: Mapping[str, str],
    *,
    traits: Mapping[str, Any] | None = None,
    proof: Mapping[str, Any],
    marks: Sequence[str] = (),
    explicit: bool = False,
    now: datetime | None = None,
) -> tuple[int, list[int]] | None:
    """said: channel, ``topic:<key>``, frequency or pause → state; only what is new becomes events. proof: method, ip, user_agent, …
    marks: `Centre.marks`. explicit: to join what one had not left is news as well, and topics that the centre does not show can be joined.

    Gives what `wait_for_told` waits for; None where the contact is not there any more.
    """
    sql = statement("prefer", "safar.channels.consent").as_string(None)
    addresses = read_addresses(cursor, what)
    given = {"said": Jsonb(dict(said)), "traits": Jsonb(dict(traits or {})), "proof": Jsonb(dict(proof)), "now": now}
    more = {
        "addresses": Jsonb(addresses.listed),
        "known": [*addresses.known, *marks],
        "explicit": explicit,
    }
    cursor.execute(sql, {**columns_of(what), **given, **more})
    row = cursor.fetchone()
    return None if row is None else (row[0], list(row[1]))


def wait_for_told(cursor: Cursor, told: tuple[int, list[int]], seconds: float = WAIT) -> bool:
    """Whether the engine has applied it all; asks for so many seconds. No transaction may be open."""
    until = time.monotonic() + seconds
    while told[1]:
        cursor.execute(_WAITING, told)
        if cursor.fetchone() is None:
            break
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def columns_of(what: Unsubscribe) -> dict[str, int]:
    """As the statements of this room name them."""
    return {
        "workspace_id": what.workspace_id,
        "contact_id": what.contact_id,
        "bucket": what.bucket,
        "message_id": what.message_id,
    }
