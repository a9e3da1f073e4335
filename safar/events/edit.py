"""An edit of one contact, as a page, a form or a program says it: one vocabulary, checked here. `editing` puts it in.

    {traits, tags: {add, remove}, consent: {channel: state}, topics: {topic: joined | left}, user_id, note, reason}

A trait that is null is removed; an e-mail address or phone among the traits becomes a name of the contact, as `user_id` does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from safar.contacts.names import EMAIL, MAX_ID, PHONE, USER, Names, fold_email, fold_phone
from safar.contacts.topics import CHANNEL_PREFIX
from safar.events.consent import CHANNELS, read_consent, read_topics
from safar.events.message import MAX_PROPERTIES, Accepted, check_size
from safar.events.names import EDIT, HISTORY_NAMES, NOTE_ADDED
from safar.events.reading import MAX_KEY, check_value
from safar.lib.faults import Faults, did_you_mean, said

FIELDS = ("traits", "tags", "consent", "topics", "user_id", "note", "reason")
SAYING = FIELDS[:-1]  # a reason alone says nothing
MAX_TAG = 200  # characters
MAX_TAGS = 100
LONGEST_NOTE = 4_000
LONGEST_REASON = 500
BY_HAND = "by_hand"  # key in the event's context: {"by", "reason"}


@dataclass(frozen=True)
class Edit:
    """What is to change. consent: channels and ``topic:…`` alike, as the inbox keeps them. names: (kind, value) that it gives."""

    traits: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, list[str]] | None = None
    consent: dict[str, str] | None = None
    names: tuple[tuple[int, str], ...] = ()
    note: str = ""
    reason: str = ""


def read_edit(
    data: Mapping[str, Any], faults: Faults, *, topics: Collection[str] | None = None, reasoned: bool = False
) -> Edit | None:
    """None with every fault added where something is wrong. topics: those there are; None: any may be named.

    reasoned: a consent or topic needs a reason, because the record has to stand when somebody asks for it.
    """
    before = len(faults.found)
    for name in data:
        if name not in FIELDS:
            faults.at(name).add(said("there is no such word here%(hint)s", hint=did_you_mean(str(name), FIELDS)))
    traits = _traits(_object(data, "traits", faults), faults.at("traits"))
    tags = _tags(_object(data, "tags", faults), faults.at("tags"))
    consent = _consent(data, faults, topics)
    names = _names(traits, data.get("user_id"), faults)
    note = _text(data, "note", LONGEST_NOTE, faults)
    needed = reasoned and bool(consent)
    reason = _text(data, "reason", LONGEST_REASON, faults, needed=needed)
    if len(faults.found) == before and not any(data.get(name) for name in SAYING):
        faults.add(said("says nothing: give %(known)s", known=", ".join(SAYING)))
    if len(faults.found) > before:
        return None
    if (phone := dict(names).get(PHONE)) is not None:
        traits["phone"] = phone
    return Edit(traits, tags, consent, tuple(names), note, reason)


def messages_of(edit: Edit, *, by: str, by_hand: bool) -> list[Accepted]:
    """The edit as events, now: what changes the contact, and its note, each with who said it."""
    found = []
    changed = bool(edit.traits or edit.tags or edit.consent or edit.names)
    if changed:
        found.append(
            edit_of(
                by=by,
                reason=edit.reason,
                traits=edit.traits or None,
                tags=edit.tags,
                consent=edit.consent,
                by_hand=by_hand,
            )
        )
    if edit.note:
        reason = "" if changed else edit.reason
        properties = {"note": edit.note, "by": by}
        found.append(edit_of(by=by, reason=reason, name=NOTE_ADDED, properties=properties, by_hand=by_hand))
    return found


def edit_of(
    *,
    by: str,
    reason: str = "",
    name: str = HISTORY_NAMES[EDIT],
    properties: dict[str, Any] | None = None,
    traits: dict[str, Any] | None = None,
    consent: dict[str, str] | None = None,
    tags: dict[str, list[str]] | None = None,
    by_hand: bool = True,
) -> Accepted:
    """One event by a member or a program, now. Its contact is known by its number, so it names nobody."""
    said = {"by": by, **({"reason": reason} if reason else {})}
    context = {BY_HAND: said} if by_hand else said
    now = datetime.now(UTC)
    return Accepted(EDIT, name, Names(), now, properties or {}, traits, consent, tags, context, f"{EDIT}:{uuid4()}")


def _object(data: Mapping[str, Any], field: str, faults: Faults) -> dict[str, Any]:
    value = data.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        faults.at(field).add(said("has to be an object"))
        return {}
    return value


def _traits(traits: dict[str, Any], faults: Faults) -> dict[str, Any]:
    if len(traits) > MAX_PROPERTIES:
        faults.add(
            said("has %(n)s traits, and %(max_properties)s are the limit", n=len(traits), max_properties=MAX_PROPERTIES)
        )
    for name in traits:
        if not name.strip() or len(name) > MAX_KEY:
            faults.at(name).add(said("has to be 1 to %(max_key)s characters", max_key=MAX_KEY))
    before = len(faults.found)
    check_value(traits, faults)
    if len(faults.found) == before:
        check_size(traits, faults)
    return dict(traits)


def _tags(data: Mapping[str, Any], faults: Faults) -> dict[str, list[str]] | None:
    found: dict[str, list[str]] = {}
    for name, tags in data.items():
        if name not in ("add", "remove"):
            faults.at(name).add(said("is neither add nor remove"))
        elif not isinstance(tags, list) or len(tags) > MAX_TAGS:
            faults.at(name).add(said("has to be a list of at most %(max_tags)s tags", max_tags=MAX_TAGS))
        else:
            for number, tag in enumerate(tags):
                if not isinstance(tag, str) or not tag.strip() or len(tag) > MAX_TAG:
                    faults.at(name, number).add(
                        said("has to be a text of 1 to %(max_tag)s characters", max_tag=MAX_TAG)
                    )
                else:
                    check_value(tag, faults.at(name, number))
            if tags:
                found[name] = tags
    return found or None


def _consent(data: Mapping[str, Any], faults: Faults, topics: Collection[str] | None) -> dict[str, str] | None:
    given = _object(data, "consent", faults)
    for channel in given:
        if channel not in CHANNELS:
            faults.at("consent", channel).add(said("is no channel%(hint)s", hint=did_you_mean(str(channel), CHANNELS)))
    found = read_consent({"consent": given}, faults.at("consent")) or {}
    taken = read_topics({"topics": _object(data, "topics", faults)}, faults.at("topics")) or {}
    for name in taken:
        key = name.removeprefix(CHANNEL_PREFIX)
        if topics is not None and key not in topics:
            faults.at("topics", key).add(said("there is no such topic%(hint)s", hint=did_you_mean(key, topics)))
    return {**found, **taken} or None


def _names(traits: Mapping[str, Any], user: Any, faults: Faults) -> list[tuple[int, str]]:
    found = []
    for trait, kind, fold in (("email", EMAIL, fold_email), ("phone", PHONE, fold_phone)):
        value = traits.get(trait)
        if value is None:
            continue
        name = fold(value)
        if name is None or (kind == EMAIL and ("@" not in name or " " in name)):
            faults.at("traits", trait).add(said("%(value)r cannot be read", value=str(value)[:80]))
        else:
            found.append((kind, name))
    if user is not None:
        if not isinstance(user, str) or not user.strip() or len(user) > MAX_ID:
            faults.at("user_id").add(said("has to be 1 to %(max_id)s characters", max_id=MAX_ID))
        else:
            check_value(user, faults.at("user_id"))
            found.append((USER, user))
    return found


def _text(data: Mapping[str, Any], name: str, most: int, faults: Faults, *, needed: bool = False) -> str:
    value = data.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        faults.at(name).add(said("has to be 1 to %(most)s characters", most=most))
        return ""
    check_value(value, faults.at(name))
    return value.strip()
