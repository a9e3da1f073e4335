"""An edit of one contact, as a form or a program says it: traits, tags, consents. It goes in like every other message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from safar.contacts.names import Names, fold_email, fold_phone
from safar.events.consent import CHANNELS, read_consent
from safar.events.message import MAX_PROPERTIES, Accepted, check_size
from safar.events.names import EDIT, HISTORY_NAMES
from safar.events.reading import check_value
from safar.lib.faults import Faults, did_you_mean

FIELDS = ("traits", "tags", "consent")
MAX_TAG = 200  # characters
MAX_TAGS = 100


def read_edit(data: Mapping[str, Any], faults: Faults, *, names: Names, at: datetime, by: str) -> Accepted | None:
    """{traits, tags: {add, remove}, consent} as a message; None with every fault added otherwise.

    names: one that leads to the contact; an e-mail address or phone among the traits is given to it as well. by: who says so, kept
    with the event. A trait that is null is removed.
    """
    before = len(faults.found)
    for name in data:
        if name not in FIELDS:
            faults.at(name).add(f"there is no such word here{did_you_mean(str(name), FIELDS)}")
    traits = _object(data, "traits", faults)
    check_value(traits, faults.at("traits"))
    if len(traits) > MAX_PROPERTIES:
        faults.at("traits").add(f"has {len(traits)} members, and {MAX_PROPERTIES} are the limit")
    tags = _tags(_object(data, "tags", faults), faults.at("tags"))
    said = _object(data, "consent", faults)
    for channel in said:
        if channel not in CHANNELS:
            faults.at("consent", channel).add(f"is no channel{did_you_mean(str(channel), CHANNELS)}")
    consent = read_consent({"consent": said}, faults.at("consent"))
    if len(faults.found) == before:
        check_size(traits, faults.at("traits"))
        if not (traits or tags or consent):
            faults.add(f"says nothing: give {', '.join(FIELDS)}")
    if len(faults.found) > before:
        return None
    email, phone = fold_email(traits.get("email")), fold_phone(traits.get("phone"))
    given = names._replace(email=email or names.email, phone=phone or names.phone)
    return Accepted(EDIT, HISTORY_NAMES[EDIT], given, at, {}, traits, consent, tags, {"by": by}, None)


def _object(data: Mapping[str, Any], field: str, faults: Faults) -> dict[str, Any]:
    value = data.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        faults.at(field).add("has to be an object")
        return {}
    return value


def _tags(data: Mapping[str, Any], faults: Faults) -> dict[str, list[str]] | None:
    found: dict[str, list[str]] = {}
    for name, tags in data.items():
        if name not in ("add", "remove"):
            faults.at(name).add("is neither add nor remove")
        elif not isinstance(tags, list) or len(tags) > MAX_TAGS:
            faults.at(name).add(f"has to be a list of at most {MAX_TAGS} tags")
        else:
            for number, tag in enumerate(tags):
                if not isinstance(tag, str) or not tag.strip() or len(tag) > MAX_TAG:
                    faults.at(name, number).add(f"has to be a text of 1 to {MAX_TAG} characters")
                else:
                    check_value(tag, faults.at(name, number))
            if tags:
                found[name] = tags
    return found or None
