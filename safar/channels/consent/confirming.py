"""Double opt-in: a consent that was only said counts once whoever has the address has pressed a button. The message that asks is transactional;
until the button is pressed the consent is ``pending``, and nothing but that message goes out by it.

    needs_confirmation  whether whoever says they want to hear from us is asked
    ask_confirmation    sends the link; three times a day at most, good for seven days
    confirm             what the button does (confirmation_page.py)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from safar.channels.consent.confirmation_texts import TEMPLATES
from safar.channels.consent.preferring import prefer
from safar.channels.consent.unsubscribing import Cursor
from safar.channels.tokens import Unsubscribe
from safar.contacts.suppressing import fold_address, marks, spellings
from safar.contacts.topics import CHANNEL_PREFIX, JOINED
from safar.content.starters import ensure_template
from safar.outbox.statements import statement

GOOD_FOR = timedelta(days=7)
MOST = 3  # messages a day that ask one contact on one channel
ASKED, ALREADY, TOO_OFTEN, NOBODY = (
    "asked",
    "already",
    "too_often",
    "nobody",
)  # what came of asking; nobody: no contact, or no address
CONFIRMED, BEFORE, EXPIRED, ANOTHER = (
    "confirmed",
    "before",
    "expired",
    "another",
)  # of a click; another: the address is another one now

_STANDS = """
SELECT CASE %(channel)s WHEN 'email' THEN c.email ELSE c.phone END, n.state,
    (SELECT count(*) FROM consent t WHERE t.bucket = c.bucket AND t.contact_id = c.id AND t.channel = ANY (%(topics)s) AND t.state = 'joined')
FROM contact c LEFT JOIN consent n ON n.bucket = c.bucket AND n.contact_id = c.id AND n.channel = %(channel)s
WHERE c.bucket = %(bucket)s AND c.id = %(contact)s AND c.workspace_id = %(workspace)s AND c.erased_at IS NULL AND c.merged_into IS NULL
"""
_SUPPRESSED = "SELECT FROM suppression WHERE workspace_id = %s AND channel = %s AND address = ANY (%s)"
_WANTED = """
SELECT coalesce(%(double)s::boolean, (SELECT p.double_opt_in FROM privacy p WHERE p.workspace_id = %(workspace)s), false)
    OR EXISTS (SELECT FROM topic t WHERE t.workspace_id = %(workspace)s AND t.key = ANY (%(topics)s) AND t.double_opt_in)
"""
_READ = """
SELECT f.channel, f.address, f.topics, f.proof, f.expires_at, f.confirmed_at, w.name, coalesce(c.language, w.language), coalesce(p.accent, ''),
    CASE f.channel WHEN 'email' THEN c.email ELSE c.phone END
FROM confirmation f JOIN contact c ON c.bucket = f.bucket AND c.id = f.contact_id JOIN accounts_workspace w ON w.id = f.workspace_id
LEFT JOIN privacy p ON p.workspace_id = f.workspace_id
WHERE f.bucket = %(bucket)s AND f.id = %(message_id)s AND f.contact_id = %(contact_id)s AND f.workspace_id = %(workspace_id)s AND c.erased_at IS NULL
"""
_CONFIRM = (
    "UPDATE confirmation SET confirmed_at = %s WHERE bucket = %s AND id = %s AND confirmed_at IS NULL RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a link asks for. moved: the contact's address is another one by now. proof: of the asking (text_version, form, …)."""

    channel: str
    address: str
    topics: Sequence[str]
    proof: Mapping[str, Any]
    expires_at: datetime
    confirmed_at: datetime | None
    workspace: str
    language: str
    accent: str
    moved: bool


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands before asking. state: of the consent. joined: how many of the topics."""

    address: str
    state: str | None
    suppressed: bool
    joined: int


def needs_confirmation(
    conn: Connection[Any], workspace_id: int, topics: Sequence[str] = (), *, double: bool | None = None
) -> bool:
    """Whether sign-ups are confirmed: as the form has it (double), else the workspace; and wherever one of the topics wants it."""
    row = conn.execute(_WANTED, {"workspace": workspace_id, "topics": list(topics), "double": double}).fetchone()
    return bool(row and row[0])


def ask_confirmation(
    conn: Connection[Any],
    *,
    workspace_id: int,
    contact: int,
    channel: str = "email",
    topics: Sequence[str] = (),
    proof: Mapping[str, Any],
    now: datetime | None = None,
) -> str:
    """Send the link by which the consent, and joining the topics, is confirmed; the consent is pending until then. ASKED; ALREADY where all
    of it stands and nothing was sent; TOO_OFTEN; NOBODY."""
    standing = _stands(conn, workspace_id, contact, channel, topics)
    if standing is None or not standing.address.strip():
        return NOBODY
    if standing.state == "given" and not standing.suppressed and standing.joined == len(topics):
        return ALREADY
    template = TEMPLATES[channel]
    effect = {"channel": channel, "class": "transactional", "template": template.key}
    asked = {
        "workspace": workspace_id,
        "bucket": contact & 1023,
        "contact": contact,
        "channel": channel,
        "topics": list(topics),
        "now": now,
    }
    more = {"proof": Jsonb(dict(proof)), "effect": Jsonb(effect), "good_for": GOOD_FOR, "most": MOST}
    with conn.transaction():
        ensure_template(
            conn, workspace_id, key=template.key, channel=channel, title=template.title, languages=template.languages
        )
        if conn.execute(statement("put_confirmation", "safar.channels.consent"), {**asked, **more}).fetchone() is None:
            return TOO_OFTEN
        if standing.state not in ("given", "pending"):
            with conn.cursor() as cursor:
                who = Unsubscribe(workspace_id, contact, contact & 1023, 0)
                prefer(cursor, who, {channel: "pending"}, proof=proof, now=now)
    return ASKED


def read_asking(cursor: Cursor, what: Unsubscribe) -> Asking | None:
    """What a link asks for; None where it is gone, or its contact is. Changes nothing."""
    asked = {
        "bucket": what.bucket,
        "message_id": what.message_id,
        "contact_id": what.contact_id,
        "workspace_id": what.workspace_id,
    }
    cursor.execute(_READ, asked)
    row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    values[3] = json.loads(row[3]) if isinstance(row[3], str) else row[3]  # Django's cursor leaves jsonb as text
    values[-1] = fold_address(row[0], row[-1] or "") != fold_address(row[0], row[1])
    return Asking(*values)


def confirm(
    cursor: Cursor, what: Unsubscribe, asking: Asking, *, now: datetime, proof: Mapping[str, Any], keys: Sequence[str]
) -> str:
    """The button was pressed. BEFORE where it had been pressed already: that changes nothing, whatever was said since. In one transaction
    of the caller's."""
    if asking.confirmed_at is not None:
        return BEFORE
    if asking.moved:
        return ANOTHER
    if now >= asking.expires_at:
        return EXPIRED
    cursor.execute(_CONFIRM, (now, what.bucket, what.message_id))
    if cursor.fetchone() is None:
        return BEFORE
    said = {asking.channel: "given", **{CHANNEL_PREFIX + topic: JOINED for topic in asking.topics}}
    whole = {**asking.proof, "asked_by": asking.proof.get("method", ""), "address": asking.address, **proof}
    who = Unsubscribe(what.workspace_id, what.contact_id, what.bucket, 0)
    prefer(cursor, who, said, proof=whole, marks=marks(asking.channel, asking.address, keys), explicit=True, now=now)
    return CONFIRMED


def _stands(
    conn: Connection[Any], workspace_id: int, contact: int, channel: str, topics: Sequence[str]
) -> _Standing | None:
    named = {"workspace": workspace_id, "bucket": contact & 1023, "contact": contact, "channel": channel}
    row = conn.execute(_STANDS, {**named, "topics": [CHANNEL_PREFIX + one for one in topics]}).fetchone()
    if row is None:
        return None
    known = (workspace_id, channel, spellings(channel, row[0]))
    return _Standing(row[0] or "", row[1], conn.execute(_SUPPRESSED, known).fetchone() is not None, row[2])
