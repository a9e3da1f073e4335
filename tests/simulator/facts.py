"""Step 1: facts, tags, traits, consent; then what watches them: dates, carts, lapsing, segments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from . import durations, schedule, shop, states, yearly
from .conditions import View, holds, next_flip, reads
from .model import Contact, Event, Happened, World
from .points import queue
from .values import Json, equal, shown

SEEN = ("identify", "track", "page", "screen")
CONSENTS = {"given": "given", "pending": "pending", "withdrawn": "withdrawn", True: "given", False: "withdrawn"}


def concerned(event: Event, read: frozenset[str]) -> bool:
    """Whether an event bears a name that is read or changed a value that is read."""
    return event.absorbing or event.zone_changed or not read.isdisjoint(event.touched)


def log_event(world: World, contact: Contact, event: Event) -> None:
    """Give the event its place in the history, and fold facts of shop and messages."""
    contact.seq += 1
    event.touched.add(f"event:{event.name}")
    before = contact.facts()
    pause = contact.shop.last_cart
    if event.name == shop.COMPLETED:
        event.ordered = shop.is_first_completion(contact.history, event.properties)
    event.seq = contact.seq
    event.left_every_topic = event.topics_changed and world.has_left_every_topic(contact)
    contact.history.append(Happened(event.name, event.properties, event.timestamp, contact.seq))
    if event.name in shop.SHOP_EVENTS:
        contact.shop = shop.fold_shop(contact.history, world.money)
    elif event.name == "message_sent" and event.properties.get("channel") == "email":
        contact.unopened_in_a_row += 1
    elif event.name == "email_opened":
        contact.opens, contact.unopened_in_a_row = contact.opens + 1, 0
        contact.last_open = latest(contact.last_open, event.timestamp)
    elif event.name in ("email_clicked", "sms_clicked"):
        contact.clicks += 1
        contact.last_click = latest(contact.last_click, event.timestamp)
    watch_facts(world, contact, event, before, pause)


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment), default=None)


def watch_facts(world: World, contact: Contact, event: Event, before: dict[str, Any], pause: datetime | None) -> None:
    """Note which facts changed; settle what lapsed and cart_abandoned make of it."""
    after = contact.facts()
    event.touched |= {f"fact:{name}" for name in after if after[name] != before[name]}
    now = contact.clock
    assert now is not None
    for journey, start, point in starts(world):
        key: tuple[str, str, object]
        if point["kind"] == "lapsed" and after["last_order"] not in (None, before["last_order"]):
            if world.add(contact, after["last_order"], point["after"]) <= now:
                contact.done.add((journey, start, after["last_order"]))
                world.counts["lapsed already when its order came"] += 1
        elif point["kind"] == "cart_abandoned" and contact.shop.last_cart not in (None, pause):
            key = (journey, start, contact.shop.last_cart)
            assert contact.shop.last_cart is not None
            if key not in contact.done and world.add(contact, contact.shop.last_cart, point["after"]) <= now:
                contact.done.add(key)
                event.cart_due.add((journey, start))
                world.counts["cart abandoned already, late" if event.late else "cart abandoned already"] += 1

    states.settle(world, contact, event, starts(world))


def shop_entry(contact: Contact) -> dict[str, Json]:
    """The entry of lapsed and cart_abandoned."""
    return {
        "cart_value": shown(contact.shop.cart_value),
        "cart_since": durations.show(contact.shop.cart_since),
        "last_order": durations.show(contact.shop.last_order),
    }


def starts(world: World) -> list[tuple[str, str, dict[str, Any]]]:
    """All starting points: journey, key, definition, in order."""
    return [
        (journey, start, point)
        for journey, definition in world.journeys.items()
        for start, point in definition["start"].items()
    ]


def change_traits(world: World, contact: Contact, event: Event, traits: dict[str, Json], seq: int) -> None:
    """The newest timestamp wins, ties by sequence; null removes; an equal value renews the timestamp."""
    zone = world.zone_of(contact)
    for trait, value in traits.items():
        known = contact.traits.get(trait)
        if known and (known[1], known[2]) > (event.timestamp, seq):
            world.counts["trait older than what is known"] += 1
            continue
        was = contact.trait(trait)
        contact.traits[trait] = (value, event.timestamp, seq)
        if not equal(was, value):
            event.trait_changes.append((trait, was, value))
            event.touched.add(f"trait:{trait}")
    event.zone_changed = world.zone_of(contact) != zone
    if event.zone_changed:
        world.counts["zone changed"] += 1


TOPICS = {"joined": "joined", "left": "left", True: "joined", False: "left"}


def change_topics(world: World, contact: Contact, event: Event, context: Json, seq: int) -> None:
    """What was said of topics: kept like consents, under their own names."""
    said = context.get("topics") if isinstance(context, dict) else None
    for key, value in said.items() if isinstance(said, dict) else ():
        name, state = f"topic:{key}", TOPICS[value]
        known = contact.consents.get(name)
        if known and (known[1], known[2]) > (event.timestamp, seq):
            continue
        contact.consents[name] = (state, event.timestamp, seq)
        if state != (known[0] if known else "unknown"):
            event.touched.add(f"consent:{name}")
            event.said[name] = state
            event.topics_changed = event.topics_changed or key in world.topics


def change_consents(contact: Contact, event: Event, context: Json, seq: int) -> None:
    consent = context.get("consent") if isinstance(context, dict) else None
    if not isinstance(consent, dict):
        return
    categories = consent.get("categoryPreferences")
    said = {**(categories if isinstance(categories, dict) else {}), **consent}
    for channel in ("email", "sms"):
        value = said.get(channel)
        state = CONSENTS.get(value) if isinstance(value, str | bool) else None
        known = contact.consents.get(channel)
        if state is None or (known and (known[1], known[2]) > (event.timestamp, seq)):
            continue
        contact.consents[channel] = (state, event.timestamp, seq)
        if state != (known[0] if known else "unknown"):
            event.touched.add(f"consent:{channel}")
            event.said[channel] = state
            event.signed_up = event.signed_up or (channel == "email" and state == "given")


def arm_dates(world: World, contact: Contact, event: Event) -> None:
    """A changed trait arms its dates anew; one already past starts nothing."""
    now = contact.clock
    changed = {trait for trait, _, _ in event.trait_changes}
    for journey, start, point in starts(world):
        if point["kind"] in yearly.KINDS:
            yearly.arm(world, contact, event, (journey, start), point)
        if point["kind"] == "schedule":
            schedule.arm(world, contact, event, (journey, start), point)
        if point["kind"] == "segment_once" and event.created:
            due = once_due(world, contact, point)
            if now is not None and due is not None and due < now:
                contact.done.add((journey, start, "once"))
                world.counts["segment_once past"] += 1
        if point["kind"] == "date_reached" and point["trait"] in changed:
            contact.done.discard((journey, start, "date"))
            due = date_due(world, contact, point)
            if due is not None and now is not None and (due < now or (due == now and event.hops > 0)):
                contact.done.add((journey, start, "date"))
                world.counts["date past when set"] += 1


def once_due(world: World, contact: Contact, point: dict[str, Any]) -> datetime | None:
    """The moment of segment_once, local to the contact where it has no offset; without one publishing is its moment, and here is none."""
    return durations.read_moment(point["at"], world.zone_of(contact)) if "at" in point else None


def date_due(world: World, contact: Contact, point: dict[str, Any]) -> datetime | None:
    moment = durations.read_moment(contact.trait(point["trait"]), world.zone_of(contact))
    return world.add(contact, moment, point["offset"]) if moment and "offset" in point else moment


def read_segments(world: World, contact: Contact, event: Event) -> None:
    """Read the watched segments that the event concerns, all of them at a contact's first event."""
    for segment in world.watched:
        if event.created or concerned(event, reads(world.segments[segment], world)):
            read_segment(world, contact, segment, event.hops, late=event.late)


def read_segment(world: World, contact: Contact, segment: str, hops: int, *, late: bool) -> None:
    now = contact.clock
    assert now is not None
    view = View(world, contact, now)
    inside = holds(world.segments[segment], view)
    contact.segment_flips[segment] = next_flip(world.segments[segment], view)
    if inside == (segment in contact.members):
        return
    contact.members ^= {segment}
    name = "segment_joined" if inside else "segment_left"
    world.counts[f"{name} {'late' if late else ''}".strip()] += 1
    world.note(contact, lambda: f"{name} {segment}")
    queue(contact, Event(name, {"segment": segment}, now, hops + 1, late=late))
