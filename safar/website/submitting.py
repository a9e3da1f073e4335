"""What somebody filled in, read and put into the inbox: who they are, what they agreed to with its proof, and that the form was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from psycopg import Connection

from safar.channels.consent.confirming import ASKED, ask_confirmation
from safar.contacts.names import EMAIL as EMAIL_NAME
from safar.contacts.names import MAX_ID, fold_email, fold_phone
from safar.contacts.names import PHONE as PHONE_NAME
from safar.contacts.suppressing import marks, spellings
from safar.contacts.topics import JOINED
from safar.events.accept import accept, again
from safar.events.message import check_message
from safar.events.names import IDENTIFY, TRACK
from safar.lib.faults import Faults, Refused, said
from safar.website.coming import Coming
from safar.website.counting import is_fresh, note_answer
from safar.website.form import AGREED, CHANNELS, EMAIL, PHONE, Consent, Form
from safar.website.keeping import Kept, confirms
from safar.website.whose import nobody, whose

SUBMITTED = "form_submitted"  # the event, and how the consent was given
METHOD = "form"
LONGEST, LONGEST_WORDING = 500, 2_000
_STANDS = """
SELECT (SELECT i.contact_id FROM identity i JOIN consent k ON k.bucket = i.contact_id & 1023 AND k.contact_id = i.contact_id AND k.channel = %(channel)s AND k.state = 'given'
        WHERE i.workspace_id = %(workspace)s AND i.kind = %(kind)s AND i.value = %(value)s),
    EXISTS (SELECT FROM suppression s WHERE s.workspace_id = %(workspace)s AND s.channel = %(channel)s AND s.reason = 'unsubscribed' AND s.address = ANY (%(known)s))
"""


def read_given(form: Form, given: Mapping[str, str]) -> dict[str, str]:
    """Field → what was filled in, cleaned; empty ones left out. Raises Refused with every fault at its field."""
    faults, found = Faults(), dict[str, str]()
    for field in form.fields:
        text = "".join(one for one in given.get(field.name, "") if one.isprintable()).strip()[:LONGEST]
        if not text:
            if field.required:
                faults.at(field.name).add(said("is missing"))
            continue
        if field.name == EMAIL and not _is_email(fold_email(text) or ""):
            faults.at(EMAIL).add(said("is no e-mail address"))
        elif field.name == PHONE and fold_phone(text) is None:
            faults.at(PHONE).add(said("is no phone number"))
        found[field.name] = text
    if not faults and EMAIL not in found and PHONE not in found:
        faults.at(next(field.name for field in form.fields if field.name in (EMAIL, PHONE))).add(said("is missing"))
    if faults:
        raise Refused(faults)
    return found


def submit(
    conn: Connection[Any],
    kept: Kept,
    given: Mapping[str, str],
    *,
    language: str,
    proof: Mapping[str, str],
    anonymous: str = "",
    coming: Coming = Coming(),
    keys: Sequence[str] = (),
    now: datetime,
) -> bool:
    """Accept what was filled in. language: of the words that were read; anonymous: of the website's script, whose past is joined;
    keys: secret keys of the installation.

    True where the form confirms what is agreed to: of the form alone, since anybody can type another's address, and must not learn
    whether it has agreed before or was unsubscribed. A message by which the consent is confirmed goes out where that is wanted and still
    to be done, and where the address had been unsubscribed, which nobody undoes for somebody else. Raises Refused with every fault.
    """
    form = kept.form
    found = read_given(form, given)
    ticked = [
        one
        for number, one in enumerate(form.consents)
        if given.get(f"{AGREED}{number}") and CHANNELS[one.channel] in found
    ]
    who = anonymous if anonymous and len(anonymous) <= MAX_ID and anonymous.isprintable() else nobody()
    confirmed = confirms(conn, kept.workspace_id, form, [one.topic for one in ticked])
    pending, known = set(), dict[str, int]()
    for channel in dict.fromkeys(one.channel for one in ticked):
        contact, left = _stands(conn, kept.workspace_id, channel, found[CHANNELS[channel]], keys)
        if confirmed or left:
            pending.add(channel)
            if contact is not None:  # has agreed before: loses nothing meanwhile, and is asked for what is new to them
                known[channel] = contact
    proof = _proof(form, ticked, language, {**proof, **({"page": coming.url} if coming.url else {})})
    context = {**coming.context, "locale": language}
    said_of = {**context, **_agreed([one for one in ticked if one.channel not in known], proof, pending)}
    told = {"form": form.key, **found, "consents": [one.channel for one in ticked]}
    sending = uuid4().hex
    messages = [
        {"type": IDENTIFY, "traits": {**found, "language": language}, "context": said_of},
        {"type": TRACK, "event": SUBMITTED, "properties": told, "context": context},
    ]
    faults = Faults()
    checked = [
        check_message(
            {**message, "anonymousId": who, "messageId": f"form-{sending}-{number}"}, faults, received=now, trusted=True
        )
        for number, message in enumerate(messages)
    ]
    if faults:
        raise Refused(faults)

    def put_in() -> None:
        with conn.transaction():
            fresh = is_fresh(conn, kept.workspace_id, found, who)
            # What is agreed to counts, as it was said to us; but nobody who fills in a form makes one contact of two known ones.
            names = whose(conn, kept.workspace_id, found, who)
            theirs = [msgspec.structs.replace(one, names=by) for one, by in zip(checked, names, strict=True) if one]
            accept(conn, kept.workspace_id, theirs, trusted=True)
            asked = not pending <= known.keys()  # the others by the dispatcher's process, once they are there
            for channel, contact in known.items():
                asked |= (
                    ask_confirmation(
                        conn,
                        workspace_id=kept.workspace_id,
                        contact=contact,
                        channel=channel,
                        topics=_topics(ticked, channel),
                        proof=proof,
                        now=now,
                    )
                    == ASKED
                )
            note_answer(conn, kept, names[1].anonymous or who, coming, now=now, fresh=fresh, asked=asked)

    again(put_in)
    return confirmed and bool(ticked)


def _proof(form: Form, ticked: Sequence[Consent], language: str, proof: Mapping[str, str]) -> dict[str, str]:
    text = "\n".join(form.called(one.text, language) for one in ticked)
    version = f"{form.key} {hashlib.sha256(text.encode()).hexdigest()[:12]}"
    return {**proof, "method": METHOD, "form": form.key, "text_version": version, "text": text[:LONGEST_WORDING]}


def _agreed(ticked: Sequence[Consent], proof: Mapping[str, str], pending: Set[str]) -> dict[str, Any]:
    """What the identify says of consent. Whoever sends the message that asks may know nothing of this form: the proof says what it wants."""
    if not ticked:
        return {}
    asked = {one.channel: _topics(ticked, one.channel) for one in ticked if one.channel in pending}
    return {
        "consent": {one.channel: "pending" if one.channel in pending else "given" for one in ticked},
        "topics": {one.topic: JOINED for one in ticked if one.topic and one.channel not in pending},
        "proof": {**proof, **({"confirm": "yes", "topics": asked} if asked else {})},
    }


def _topics(ticked: Sequence[Consent], channel: str) -> list[str]:
    return list(dict.fromkeys(one.topic for one in ticked if one.topic and one.channel == channel))


def _stands(
    conn: Connection[Any], workspace_id: int, channel: str, address: str, keys: Sequence[str]
) -> tuple[int | None, bool]:
    """The contact who has agreed to this channel before; and whether the address was unsubscribed."""
    kind, value = (EMAIL_NAME, fold_email(address)) if channel == EMAIL else (PHONE_NAME, fold_phone(address))
    known = [*spellings(channel, address), *marks(channel, address, keys)]
    asked = {"workspace": workspace_id, "channel": channel, "kind": kind, "value": value, "known": known}
    row = conn.execute(_STANDS, asked).fetchone()
    return (row[0], row[1]) if row else (None, False)


def _is_email(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host.strip(".") and " " not in text and host == host.strip("."))
