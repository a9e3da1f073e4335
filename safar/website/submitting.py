"""What somebody filled in, read and put into the inbox: who they are, what they agreed to with its proof, and that the form was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from psycopg import Connection

from safar.contacts.names import EMAIL as EMAIL_NAME
from safar.contacts.names import MAX_ID, fold_email, fold_phone
from safar.contacts.names import PHONE as PHONE_NAME
from safar.contacts.topics import JOINED
from safar.events.accept import accept, again
from safar.events.message import check_message
from safar.events.names import IDENTIFY, TRACK
from safar.lib.faults import Faults, Refused, said
from safar.website.coming import Coming
from safar.website.counting import is_fresh, note_answer
from safar.website.form import CHANNELS, EMAIL, PHONE, Consent, Form
from safar.website.keeping import Kept, confirms

SUBMITTED = "form_submitted"  # the event, and how the consent was given
METHOD = "form"
AGREED = "consent"  # prefix of a ticked box: consent0
LONGEST = 500
_GIVEN = """
SELECT 1 FROM identity i JOIN consent k ON k.bucket = i.contact_id & 1023 AND k.contact_id = i.contact_id AND k.channel = %s AND k.state = 'given'
WHERE i.workspace_id = %s AND i.kind = %s AND i.value = %s
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
    now: datetime,
) -> bool:
    """Accept what was filled in. language: of the words that were read; anonymous: of the website's script, whose past is joined.

    True where a message goes out by which the consent is confirmed. Raises Refused with every fault.
    """
    form = kept.form
    found = read_given(form, given)
    ticked = [
        one
        for number, one in enumerate(form.consents)
        if given.get(f"{AGREED}{number}") and CHANNELS[one.channel] in found
    ]
    who = anonymous if anonymous and len(anonymous) <= MAX_ID and anonymous.isprintable() else f"form-{uuid4().hex}"
    pending = confirms(conn, kept.workspace_id, form)
    if pending:  # who has agreed before is not asked once more, and loses nothing meanwhile
        ticked = [
            one for one in ticked if not _stands(conn, kept.workspace_id, one.channel, found[CHANNELS[one.channel]])
        ]
    context = {**coming.context, "locale": language}
    said_of = {**context, **_agreed(form, ticked, language, proof, pending=pending)}
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
    # What is agreed to counts, as it was said to us; but nobody who fills in a form makes one contact of two known ones.
    theirs = [
        msgspec.structs.replace(one, names=one.names._replace(trusted=False)) for one in checked if one is not None
    ]
    asked = bool(ticked) and pending

    def put_in() -> None:
        with conn.transaction():
            fresh = is_fresh(conn, kept.workspace_id, found, who)
            accept(conn, kept.workspace_id, theirs, trusted=True)
            note_answer(conn, kept, who, coming, now=now, fresh=fresh, asked=asked)

    again(put_in)
    return asked


def _agreed(
    form: Form, ticked: list[Consent], language: str, proof: Mapping[str, str], *, pending: bool
) -> dict[str, Any]:
    if not ticked:
        return {}
    text = "\n".join(form.called(one.text, language) for one in ticked)
    version = f"{form.key} {hashlib.sha256(text.encode()).hexdigest()[:12]}"
    wanted = {"confirm": "yes"} if pending else {}  # whoever sends the message may know nothing of this form
    return {
        "consent": {one.channel: "pending" if pending else "given" for one in ticked},
        "topics": {one.topic: JOINED for one in ticked if one.topic},
        "proof": {
            **proof,
            "method": METHOD,
            "form": form.key,
            "text_version": version,
            "text": text[:LONGEST],
            **wanted,
        },
    }


def _stands(conn: Connection[Any], workspace_id: int, channel: str, address: str) -> bool:
    kind, value = (EMAIL_NAME, fold_email(address)) if channel == EMAIL else (PHONE_NAME, fold_phone(address))
    return conn.execute(_GIVEN, (channel, workspace_id, kind, value)).fetchone() is not None


def _is_email(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host.strip(".") and " " not in text and host == host.strip("."))
