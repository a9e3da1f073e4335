"""Whose a message is: names, new contacts, and which contacts become one."""

from __future__ import annotations

import re
from collections.abc import Callable

from .model import Contact, World
from .values import Json, fold

Name = tuple[str, str]  # kind: user, anonymous, email, phone


def text_name(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def email_name(value: Json) -> str | None:
    return (value.strip().lower() or None) if isinstance(value, str) else None


def phone_name(value: Json) -> str | None:
    """E.164; 09… and 9121234567 are Iranian; None where it cannot be read."""
    if not isinstance(value, str):
        return None
    digits = re.sub(r"[\s().-]", "", fold(value))
    if re.fullmatch(r"09\d{9}", digits):
        return "+98" + digits[1:]
    if re.fullmatch(r"9\d{9}", digits):
        return "+98" + digits
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return digits if re.fullmatch(r"\+[1-9]\d{7,14}", digits) else None


def names_of(message: dict[str, Json]) -> list[Name]:
    """The names that a message gives, in the order in which they are looked up."""
    found = [("user", text_name(message.get("userId"))), ("anonymous", text_name(message.get("anonymousId")))]
    traits = message.get("traits")
    if message["type"] == "identify" and isinstance(traits, dict):
        found += [("email", email_name(traits.get("email"))), ("phone", phone_name(traits.get("phone")))]
    return [(kind, name) for kind, name in found if name is not None]


def resolve(world: World, message: dict[str, Json]) -> tuple[Contact, list[Contact]] | None:
    """The contact of a message (made if need be) and the contacts that it merges into that one."""
    names = names_of(message)
    if message["type"] == "alias":
        return _resolve_alias(world, message, names)
    if not names:
        return None
    found = next(((name, world.names[name]) for name in names if name in world.names), None)
    user = names[0] if names[0][0] == "user" else None
    contact = found[1] if found else None
    if contact and user and user not in world.names and _has_user(contact):
        contact = None  # a shared device or mailbox does not fuse two people
    if contact is None:
        contact = _make(world, names[0])
    return contact, _give(world, contact, names, lambda other: not _has_user(other))


def _resolve_alias(world: World, message: dict[str, Json], names: list[Name]) -> tuple[Contact, list[Contact]] | None:
    previous = text_name(message.get("previousId"))
    if not names or previous is None:
        return None
    former = world.names.get(("user", previous)) or world.names.get(("anonymous", previous))
    contact = world.names.get(names[0]) or former or _make(world, names[0])
    if former is None:
        names = [*names, ("anonymous", previous)]
    losers = _give(world, contact, names, lambda _: True)
    if former and former is not contact and former not in losers:
        losers.append(former)
    return contact, losers


def _has_user(contact: Contact) -> bool:
    return any(kind == "user" for kind, _ in contact.names)


def _make(world: World, name: Name) -> Contact:
    contact = Contact(key=name[1], number=len(world.contacts))
    world.contacts.append(contact)
    return contact


def _give(world: World, contact: Contact, names: list[Name], may_merge: Callable[[Contact], bool]) -> list[Contact]:
    """Give the contact every name that nobody has yet; those who have one and may be merged are the losers."""
    losers: list[Contact] = []
    for name in names:
        owner = world.names.get(name)
        if owner is None:
            world.names[name] = contact
            contact.names.append(name)
        elif owner is not contact and owner not in losers and may_merge(owner):
            losers.append(owner)
    return losers


def hand_over_names(world: World, loser: Contact, winner: Contact) -> None:
    """Names of a merged contact lead to the one it was merged into."""
    loser.merged_label = loser.label
    for name in loser.names:
        world.names[name] = winner
    winner.names += loser.names
    loser.names = []
