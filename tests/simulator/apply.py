"""One event goes through a contact: facts; goals and exit_when; waits; entries; then what it caused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from . import facts, shop, states
from .conditions import View, holds, next_flip, reads, where_holds
from .heard import entry_of
from .identity import hand_over_names
from .model import Contact, Event, Happened, Trip, World
from .points import SENT, TAKEN, is_event_wait, view_of
from .travel import begin_stretch, leave, leave_if_exit_when, try_entry
from .values import Json, equal, same

MAX_HOPS, MAX_CAUSED = 8, 200
NAMES = {"identify": "identify", "page": "page_viewed", "screen": "screen_viewed", "group": "group", "alias": "alias"}


def properties_of(message: dict[str, Json]) -> dict[str, Json]:
    """What a message says about itself in the history."""
    kind = message["type"]
    said = message.get("traits" if kind in ("identify", "group") else "properties")
    properties = dict(said) if isinstance(said, dict) else {}
    if kind in ("page", "screen") and isinstance(message.get("name"), str):
        properties["name"] = message["name"]
    return properties


def apply_message(world: World, contact: Contact, message: dict[str, Json], event: Event) -> None:
    """An external event: all its steps, then all it caused."""
    now = contact.clock
    assert now is not None
    event.external = True
    event.created, contact.begun = not contact.begun, True
    contact.current = event
    seq = contact.seq + 1
    if message["type"] == "identify":
        facts.change_traits(world, contact, event, event.properties, seq)
    facts.change_consents(contact, event, message.get("context"), seq)
    facts.change_topics(world, contact, event, message.get("context"), seq)
    seen = contact.last_seen
    if message["type"] in facts.SEEN:
        contact.last_seen = facts.latest(seen, event.timestamp)
        if contact.last_seen != seen:
            event.touched.add("fact:last_seen")
    facts.log_event(world, contact, event)
    facts.arm_dates(world, contact, event)
    facts.read_segments(world, contact, event)
    world.note(contact, lambda: f"event {event.name} {event.properties}{' late' if event.late else ''}")
    world.counts["late event" if event.late else "event"] += 1
    _later_steps(world, contact, event, now)
    drain(world, contact)


def absorb(world: World, winner: Contact, loser: Contact, now: datetime) -> None:
    """Make a merged contact's past this contact's, as an event that only watches notice."""
    for trip in loser.trips:
        if trip.status == "open":
            leave(world, loser, trip, "merged", 0, now, of_the_event=False)
        elif trip.held_until:
            trip.held_until, trip.reason = None, "merged"
            world.counts["merged while held out"] += 1
    hand_over_names(world, loser, winner)
    world.note(winner, lambda: f"absorbs {loser.merged_label}")
    world.counts["merged"] += 1
    event = Event("", {}, now, absorbing=True)
    before, pause, zone = winner.facts(), winner.shop.last_cart, world.zone_of(winner)
    for past in loser.history:
        winner.seq += 1
        winner.history.append(Happened(past.name, past.properties, past.timestamp, winner.seq))
    winner.seq += 1
    winner.shop = shop.fold_shop(winner.history, world.money)
    winner.opens += loser.opens
    winner.clicks += loser.clicks
    winner.last_open = facts.latest(winner.last_open, loser.last_open)
    winner.last_click = facts.latest(winner.last_click, loser.last_click)
    winner.last_seen = facts.latest(winner.last_seen, loser.last_seen)
    winner.tags |= loser.tags
    for trait, (value, timestamp, _) in loser.traits.items():
        was = winner.trait(trait)
        if trait not in winner.traits or timestamp > winner.traits[trait][1]:
            winner.traits[trait] = (value, timestamp, winner.seq)
            if not equal(was, value):
                event.trait_changes.append((trait, was, value))
    for channel, (state, timestamp, _) in loser.consents.items():
        if channel not in winner.consents or timestamp > winner.consents[channel][1]:
            was = winner.consents.get(channel)
            winner.consents[channel] = (state, timestamp, winner.seq)
            known = channel.removeprefix("topic:") in world.topics and channel.startswith("topic:")
            event.topics_changed = event.topics_changed or (known and (was is None or was[0] != state))
    event.zone_changed = world.zone_of(winner) != zone
    event.left_every_topic = event.topics_changed and world.has_left_every_topic(winner)
    winner.current = event
    facts.watch_facts(world, winner, event, before, pause)
    facts.arm_dates(world, winner, event)
    facts.read_segments(world, winner, event)
    _later_steps(world, winner, event, now)
    drain(world, winner)


def drain(world: World, contact: Contact) -> None:
    """Deal with internal events, first in, first out, until there are none."""
    now = contact.clock
    assert now is not None
    for count in range(1, 1_000_000):
        if not contact.queue:
            break
        event = contact.queue.popleft()
        event.stops = event.hops > MAX_HOPS or count > MAX_CAUSED
        if event.stops:
            world.counts["stopped by hops" if event.hops > MAX_HOPS else "stopped by number"] += 1
        world.counts[f"internal {event.name.split()[0] if event.name.islower() else 'emitted'}"] += 1
        contact.current = event
        facts.log_event(world, contact, event)
        facts.arm_dates(world, contact, event)
        facts.read_segments(world, contact, event)
        _note_internal(world, contact, event)
        if not event.stops:
            _later_steps(world, contact, event, now)
    contact.current = None


def _note_internal(world: World, contact: Contact, event: Event) -> None:
    world.note(contact, lambda: f"internal {event.name} {event.properties} hops {event.hops}")


def ordered_trips(world: World, contact: Contact, *, past: bool = False) -> Iterator[Trip]:
    """Trips by journey, then enrollment; only those that are not over, unless asked."""
    trips = [trip for trip in contact.trips if past or trip.status == "open" or trip.held_until]
    for journey in world.journeys:
        yield from sorted((trip for trip in trips if trip.journey == journey), key=lambda trip: trip.order)


def _later_steps(world: World, contact: Contact, event: Event, now: datetime) -> None:
    _goals_and_exits(world, contact, event, now)
    if event.late:
        return
    _waits(world, contact, event, now)
    if not event.absorbing:
        _entries(world, contact, event, now)


def _goals_and_exits(world: World, contact: Contact, event: Event, now: datetime) -> None:
    """Step 2: each enrollment's goal, then its exit_when, then what else ends it."""
    for trip in list(ordered_trips(world, contact, past=True)):
        settings = world.journeys[trip.journey].get("settings") or {}
        goal = settings.get("goal")
        if goal and not event.late and not event.absorbing and trip.goal_at is None and trip.reason != "merged":
            in_time = trip.goal_until is None or now <= trip.goal_until
            meant = event.name == goal["event"] and where_holds(goal.get("where"), event.properties, trip.entry)
            if meant and not in_time:
                world.counts["goal too late"] += 1
            if meant and in_time:
                trip.goal_at = now
                world.counts[f"goal {trip.status}"] += 1
                if trip.status == "open":
                    leave(world, contact, trip, "goal", event.hops, now, of_the_event=True)
        condition = settings.get("exit_when")
        concerned = trip.status == "open" and condition and facts.concerned(event, reads(condition, world))
        if concerned and leave_if_exit_when(world, contact, trip, event.hops, now):
            world.counts["left by exit_when, late event" if event.late else "left by exit_when, event"] += 1
        if trip.status == "open" and event.left_every_topic:
            leave(world, contact, trip, "unsubscribed", event.hops, now, of_the_event=True)
        if (
            event.name == TAKEN
            and not event.external
            and event.properties["journey"] == trip.journey
            and trip.status == "open"
        ):
            leave(world, contact, trip, "leave_journey", event.hops, now, of_the_event=True)


def _waits(world: World, contact: Contact, event: Event, now: datetime) -> None:
    """Step 3: waits that the event concerns."""
    for trip in list(ordered_trips(world, contact)):
        if trip.status != "open" or trip.place is None:
            continue
        point = world.journeys[trip.journey]["points"][trip.place]
        if point["kind"] == "wait" and _wait_happened(world, contact, trip, point["for"], event, now):
            world.counts["wait happened by absorbing" if event.absorbing else "wait happened by an event"] += 1
            begin_stretch(world, contact, trip, "happened", event.hops, now)


def _wait_happened(
    world: World, contact: Contact, trip: Trip, wanted: dict[str, Any], event: Event, now: datetime
) -> bool:
    if is_event_wait(wanted):
        listed: list[Any] = wanted.get("any_event", [wanted])
        choices: list[dict[str, Any]] = [{"event": one} if isinstance(one, str) else one for one in listed]
        return not event.absorbing and any(
            event.name == one["event"] and where_holds(one.get("where"), event.properties, trip.entry)
            for one in choices
        )
    if not facts.concerned(event, reads(wanted, world)):
        return False
    view = view_of(world, contact, trip, now)
    if holds(wanted, view):
        return True
    trip.flip = min((moment for moment in (trip.flip, next_flip(wanted, view)) if moment), default=None)
    return False


def _entries(world: World, contact: Contact, event: Event, now: datetime) -> None:
    """Step 4: in each journey the first starting point that matches."""
    for journey, definition in world.journeys.items():
        for start, point in definition["start"].items():
            entry = _matches(contact, event, journey, start, point)
            if entry is None:
                continue
            view = View(world, contact, now, journey, entry, contact.seq, contact.seq)
            if "filter" in point and not holds(point["filter"], view):
                world.counts["filter refused"] += 1
                continue
            try_entry(world, contact, journey, start, entry, event.hops, now)
            break


def _matches(contact: Contact, event: Event, journey: str, start: str, point: dict[str, Any]) -> dict[str, Json] | None:
    """The entry properties if the event is what a starting point starts on."""
    kind = point["kind"]
    heard = entry_of(contact, event, point)
    if heard is not None:
        return heard
    if kind == "page_viewed" and event.name == "page_viewed":
        return event.properties if _is_page(point, event.properties) else None
    if kind == "from_journey" and event.name == SENT and not event.external:
        sender = point.get("journey") in (None, event.properties["from_journey"])
        return event.properties if event.properties["journey"] == journey and sender else None
    if kind == "event" and event.name == point["event"]:
        return event.properties if where_holds(point.get("where"), event.properties, event.properties) else None
    if kind == "contact_created" and event.created:
        return event.properties
    if kind == "signed_up_email" and event.signed_up:
        return event.properties
    if kind == "ordered" and event.ordered:
        return event.properties
    if kind in ("tag_added", "tag_removed") and event.name == kind and f"tag:{point['tag']}" in event.touched:
        return event.properties
    if kind in ("segment_joined", "segment_left") and event.name == kind and not event.external:
        return event.properties if event.properties["segment"] == point["segment"] else None
    if (journey, start) in event.cart_due:
        begun = states.pause(contact, point) if kind in states.PAUSES else None
        return begun.properties if begun else facts.shop_entry(contact)
    if kind == "trait_changed":
        for trait, was, value in event.trait_changes:
            if trait == point["trait"] and _as_stated(point, "from", was) and _as_stated(point, "to", value):
                return {"trait": trait, "from": was, "to": value}
    return None


def _is_page(point: dict[str, Any], properties: dict[str, Json]) -> bool:
    """Its name as `is` has it, its path as `starts_with`, the rest as `where` says."""
    wanted: dict[str, Any] = {}
    if "page" in point:
        wanted["name"] = {"is": point["page"]}
    if "path" in point:
        wanted["path"] = {"starts_with": point["path"]}
    return where_holds(wanted, properties, properties) and where_holds(point.get("where"), properties, properties)


def _as_stated(point: dict[str, Any], side: str, value: Json) -> bool:
    return side not in point or same(value, point[side]) or (point[side] is None and value is None)
