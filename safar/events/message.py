"""One message in Segment's form, checked: what is accepted, or every fault with its place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from safar.contacts.names import MAX_ID, Names, fold_email, fold_phone
from safar.events.consent import SAYING, read_said
from safar.events.moments import moment_of
from safar.events.names import (
    ALIAS,
    GROUP,
    HISTORY_NAMES,
    IDENTIFY,
    MAX_NAME,
    NOT_BY_PUBLIC_KEYS,
    PAGE,
    SCREEN,
    TRACK,
    TYPES,
)
from safar.lib.faults import Faults, did_you_mean, said

MAX_PROPERTIES = 255
MAX_MESSAGE_ID = 255
MAX_MESSAGE = 32 * 1024  # bytes as JSON

Json = dict[str, Any]


class Accepted(msgspec.Struct, frozen=True):
    """A message that may go into the inbox.

    name: as in the history. timestamp: UTC. traits: identify and edit only; null removes. consent: channel, or
    ``topic:<key>``, → state. tags: edit only, {"add": [...], "remove": [...]}. message_id: None for those that cannot be repeated.
    """

    type: str
    name: str
    names: Names
    timestamp: datetime
    properties: Json
    traits: Json | None = None
    consent: dict[str, str] | None = None
    tags: dict[str, list[str]] | None = None
    context: Json | None = None
    message_id: str | None = None


def check_message(
    message: Any,
    faults: Faults,
    *,
    received: datetime,
    trusted: bool,
    type: str | None = None,
    sent_at: datetime | None = None,
) -> Accepted | None:
    """A decoded message (its values are in order by ``reading``) as Accepted; None with faults added otherwise.

    type: where the address says it, else the message's own `type` (or `action`, as it once was called).
    trusted: False for public keys, whose consent and topics count as not said.
    """
    if not isinstance(message, dict):
        faults.add(said("has to be an object"))
        return None
    before = len(faults.found)
    if type is None:
        type = message.get("type") or message.get("action")
        if type not in TYPES:
            mend = did_you_mean(type, TYPES) if isinstance(type, str) else ""
            faults.at("type").add(said("has to be one of %(known)s%(mend)s", known=", ".join(TYPES), mend=mend))
            return None
    timestamp = moment_of(message, sent_at, received, faults)
    context = _object(message, "context", faults)
    traits: Json | None = None
    if type == TRACK:
        properties = _object(message, "properties", faults) or {}
        name = _event_name(message.get("event"), faults)
        if not trusted and name in NOT_BY_PUBLIC_KEYS:
            faults.at("event").add(
                said("'%(name)s' is an event of Safar's own: it may be sent with a secret key only", name=name)
            )
    else:
        name = HISTORY_NAMES[type]
        if type == IDENTIFY:
            traits = _object(message, "traits", faults) or {}
            properties = {}
        else:
            properties = _properties(type, message, faults)
    consent = None
    if trusted and context and not context.keys().isdisjoint(SAYING):
        consent = read_said(context, faults.at("context"))
    accepted = Accepted(
        type,
        name,
        _names(type, message, traits, trusted, faults),
        timestamp,
        properties,
        traits,
        consent,
        None,
        context,
        _message_id(message.get("messageId"), faults),
    )
    return accepted if len(faults.found) == before else None


def check_size(message: Any, faults: Faults) -> None:
    """Add a fault where a message is larger than MAX_MESSAGE. Worth asking only where the text it came in is."""
    if len(msgspec.json.encode(message)) > MAX_MESSAGE:
        faults.add(said("is larger than %(max_message)s bytes", max_message=MAX_MESSAGE))


def _object(message: Json, field: str, faults: Faults) -> Json | None:
    value = message.get(field)
    if value is None:
        return None
    if not isinstance(value, dict):
        faults.at(field).add(said("has to be an object"))
        return None
    if len(value) > MAX_PROPERTIES:
        faults.at(field).add(
            said("has %(n)s members, and %(max_properties)s are the limit", n=len(value), max_properties=MAX_PROPERTIES)
        )
    return value


def _event_name(value: Any, faults: Faults) -> str:
    if isinstance(value, str) and 0 < len(value) <= MAX_NAME:
        return value
    faults.at("event").add(said("has to be a text of 1 to %(max_name)s characters", max_name=MAX_NAME))
    return ""


def _properties(type: str, message: Json, faults: Faults) -> Json:
    """A page's name and category are properties like others; a group's traits are the event's, not the contact's."""
    if type in (PAGE, SCREEN):
        properties = _object(message, "properties", faults) or {}
        for field in ("name", "category"):
            value = message.get(field)
            if isinstance(value, str) and value and (field == "name" or field not in properties):
                properties = {**properties, field: value}
            elif value is not None and not isinstance(value, str):
                faults.at(field).add(said("has to be a text"))
        return properties
    if type == GROUP:
        group = _id(message, "groupId", faults, needed=True)
        return {**(_object(message, "traits", faults) or {}), "groupId": group}
    return {"previousId": _id(message, "previousId", faults, needed=True)}


def _names(type: str, message: Json, traits: Json | None, trusted: bool, faults: Faults) -> Names:
    user = _id(message, "userId" if "userId" in message else "user_id", faults)  # Segment's older pages write user_id
    anonymous = _id(message, "anonymousId" if "anonymousId" in message else "anonymous_id", faults)
    email = phone = None
    if traits:
        email, phone = fold_email(traits.get("email")), fold_phone(traits.get("phone"))
    if user is None and anonymous is None and email is None and phone is None:
        also = ", or an email or phone among the traits" if type == IDENTIFY else ""
        faults.at("userId").add(said("is missing: a message needs userId or anonymousId%(also)s", also=also))
    previous = _id(message, "previousId", Faults()) if type == ALIAS else None
    return Names(user, anonymous, email, phone, previous, type == ALIAS, trusted)


def _id(message: Json, field: str, faults: Faults, needed: bool = False) -> str | None:
    """An id as text: whole numbers are taken as they are written, an empty text is no id."""
    value = message.get(field)
    if value is None or value == "":
        if needed:
            faults.at(field).add(said("is missing"))
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        value = str(value)
    if not isinstance(value, str):
        faults.at(field).add(said("has to be a text"))
        return None
    if len(value) > MAX_ID:
        faults.at(field).add(said("is longer than %(max_id)s characters", max_id=MAX_ID))
        return None
    return value


def _message_id(value: Any, faults: Faults) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > MAX_MESSAGE_ID:
        faults.at("messageId").add(
            said("has to be a text of at most %(max_message_id)s characters", max_message_id=MAX_MESSAGE_ID)
        )
        return None
    return value
