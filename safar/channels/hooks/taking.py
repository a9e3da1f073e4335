"""A call of another system, as what goes into the inbox: the event ``webhook_received`` of the contact it is about, with what was sent as its properties.

Systems call again when they are not sure that they were heard. A call is known again by the number that it bears, and where it bears none by its body: the same
words within an hour (and no longer than two) are one call. What was heard before changes nothing and is answered 200.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from psycopg import Connection

from safar.channels.hooks.keeping import Hook
from safar.channels.hooks.reading import who
from safar.contacts.names import EMAIL, PHONE, USER
from safar.events.accept import Parcel
from safar.events.message import Accepted, check_message, check_size
from safar.events.names import IDENTIFY, TRACK
from safar.events.seen import only_new
from safar.lib.faults import Faults, Refused

EVENT = "webhook_received"
NUMBERS = (
    "idempotency-key",
    "webhook-id",
    "x-idempotency-key",
    "x-webhook-id",
    "x-delivery-id",
)  # no x-request-id: proxies make a new one for every try
WINDOW = 3_600  # seconds
_KNOWN = "SELECT FROM identity WHERE workspace_id = %s AND (kind, value) IN ((%s, %s), (%s, %s), (%s, %s)) LIMIT 1"


def take(hook: Hook, headers: Mapping[str, str], body: bytes, data: dict[str, Any], received: datetime) -> Parcel:
    """headers: by their lower-case names; body as it came, data as it was read. Raises Refused with every fault at its place."""
    faults = Faults()
    names = who(data, hook.fields, faults)
    properties = {**data, "hook": hook.key}
    message = {
        "type": TRACK,
        "event": EVENT,
        "anonymousId": "hook",
        "properties": properties,
        "messageId": f"hook:{uuid4().hex}",
    }
    checked = check_message(message, faults, received=received, trusted=True)
    check_size(properties, faults)
    if faults or checked is None:
        raise Refused(faults)
    event = msgspec.structs.replace(checked, names=names)
    ids = numbers_of(hook, headers, body, received)

    def first(conn: Connection[Any], messages: Sequence[Accepted]) -> list[Accepted]:
        new, _ = only_new(conn, [(hook.workspace_id, ids[0])])
        if not new[0]:
            return []
        only_new(
            conn, [(hook.workspace_id, one) for one in ids[1:]]
        )  # by the first alone: a repetition prolongs nothing
        known = conn.execute(_KNOWN, (hook.workspace_id, USER, names.user, EMAIL, names.email, PHONE, names.phone))
        if known.fetchone() is not None:
            return list(messages)
        traits = {name: value for name, value in (("email", names.email), ("phone", names.phone)) if value}
        return [Accepted(IDENTIFY, "identify", names, received, {}, traits), *messages]

    return Parcel(hook.workspace_id, [event], first)


def numbers_of(hook: Hook, headers: Mapping[str, str], body: bytes, received: datetime) -> list[str]:
    """By which the call is known again: new where the first one is, which makes the others known as well."""
    for name in NUMBERS:
        if given := headers.get(name, "").strip():
            return [f"hook:{hook.key}:{hashlib.sha256(f'{name}:{given}'.encode('utf-8', 'replace')).hexdigest()}"]
    digest, hour = hashlib.sha256(body).hexdigest(), int(received.timestamp()) // WINDOW
    return [f"hook:{hook.key}:{digest}:{one}" for one in (hour, hour + 1)]
