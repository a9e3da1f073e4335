"""What the points do: which way they send a trip, how long it stands, what they change."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

from . import best_hour, durations
from .conditions import View, holds, next_flip
from .model import Contact, Event, Trip, World
from .values import Json, equal, share

SENT, TAKEN, NOTED = "sent_to_journey", "taken_from_journey", "note_added"
_NAMED = re.compile(r"\{\{\s*(entry|contact)\.([^\s{}]+)\s*\}\}")
SENDS = ("send_email", "send_sms")


def view_of(world: World, contact: Contact, trip: Trip, now: datetime, *, leaving: bool = False) -> View:
    return View(world, contact, now, trip.journey, trip.entry, trip.entry_seq, trip.arrival_seq, leaving)


def shortened(point: dict[str, Any]) -> dict[str, str]:
    """The paths of a point or starting point; `next: x` is short for `paths: {next: x}`."""
    return {"next": point["next"]} if "next" in point else (point.get("paths") or {})


def is_event_wait(wanted: dict[str, Any]) -> bool:
    """An event with `where` or any_event waits for such an event; anything else is a condition."""
    return "any_event" in wanted or ("event" in wanted and set(wanted) <= {"event", "where"})


def queue(contact: Contact, event: Event) -> None:
    contact.queue.append(event)


def pass_point(
    world: World, contact: Contact, trip: Trip, point: dict[str, Any], now: datetime, *, woken: bool = False
) -> str | None:
    """Do what a point does; the path by which it is left at once, None where the trip stands. woken: it has stood before this message."""
    kind = point["kind"]
    view = view_of(world, contact, trip, now)
    if kind in SENDS:
        trip.wake = best_hour.goes_at(world, contact, point, now, woken=woken)
        world.counts["quiet" if trip.wake else "not quiet"] += 1
        return None if trip.wake else "next"
    if kind in ("notify_team", "call_webhook"):
        return "next"
    if kind == "if_else":
        return "yes" if holds(point["condition"], view) else "no"
    if kind == "branch":
        return next((path for path, condition in point["branches"].items() if holds(condition, view)), "else")
    if kind == "split":
        return _side(f"{contact.key}|{trip.journey}|{trip.place}", point["shares"])
    if kind == "delay":
        trip.wake = _delay_end(world, contact, point, now)
        return "next" if trip.wake is None or trip.wake <= now else None
    if kind == "wait":
        wanted = point["for"]
        trip.wake = world.add(contact, now, point["at_most"])
        if not is_event_wait(wanted):
            if holds(wanted, view):
                world.counts["wait true on arrival"] += 1
                return "happened"
            trip.flip = next_flip(wanted, view)
        return None
    if kind == "go_to":
        assert trip.place is not None
        path = "jump" if trip.jumps[trip.place] < point["times"] else "next"
        trip.jumps[trip.place] += 1
        world.counts[f"go_to by {path}"] += 1
        return path
    _change(world, contact, trip, point, now)
    return "next"


def _side(text: str, shares: dict[str, float]) -> str:
    reach = share(text) * sum(shares.values())
    total: float = 0
    for path, part in shares.items():
        total += part
        if total > reach:
            return path
    raise AssertionError("shares have no sum")


def _delay_end(world: World, contact: Contact, point: dict[str, Any], now: datetime) -> datetime | None:
    """When a delay ends; None means at once."""
    if "for" in point:
        return world.add(contact, now, point["for"])
    zone, until = world.zone_of(contact), point["until"]
    if isinstance(until, str):
        return durations.read_moment(until, zone)
    if "trait" in until:
        moment = durations.read_moment(contact.trait(until["trait"]), zone)
        return world.add(contact, moment, until["offset"]) if moment and "offset" in until else moment
    weekdays = until.get("weekdays", durations.WEEKDAYS)
    day = durations.to_local(now, zone).date()
    if "time" not in until and durations.WEEKDAYS[day.weekday()] in weekdays:
        return None
    while True:
        at = durations.read_moment(f"{day.isoformat()}T{until.get('time', '00:00')}", zone)
        if at and at >= now and durations.WEEKDAYS[day.weekday()] in weekdays:
            return at
        day += timedelta(days=1)


def _change(world: World, contact: Contact, trip: Trip, point: dict[str, Any], now: datetime) -> None:
    """An action that changes state at once; the event it causes waits in the queue."""
    hops = trip.hops + 1
    if point["kind"] == "add_tag" and point["tag"] not in contact.tags:
        contact.tags.add(point["tag"])
        queue(contact, Event("tag_added", {"tag": point["tag"]}, now, hops, touched={f"tag:{point['tag']}"}))
    elif point["kind"] == "remove_tag" and point["tag"] in contact.tags:
        contact.tags.remove(point["tag"])
        queue(contact, Event("tag_removed", {"tag": point["tag"]}, now, hops, touched={f"tag:{point['tag']}"}))
    elif point["kind"] == "emit_event":
        queue(contact, Event(point["event"], point.get("properties") or {}, now, hops))
    elif point["kind"] == "start_journey":
        named = {"journey": point["journey"], "from_journey": trip.journey}
        queue(contact, Event(SENT, {**trip.entry, **named}, now, hops))
    elif point["kind"] == "leave_journey":
        queue(contact, Event(TAKEN, {"journey": point["journey"], "from_journey": trip.journey}, now, hops))
    elif point["kind"] == "add_note":
        note = _NAMED.sub(lambda named: _noted(contact, trip, named[1], named[2]), point["text"])
        queue(contact, Event(NOTED, {"journey": trip.journey, "point": trip.place, "note": note}, now, hops))
    elif point["kind"] == "change_subscription":
        _say(world, contact, point, now, hops)
    elif point["kind"] == "update_contact":
        for trait, value in point["set"].items():
            was, zone = contact.trait(trait), world.zone_of(contact)
            contact.traits[trait] = (value, now, contact.seq)
            if not equal(was, value):
                properties = {"trait": trait, "from": was, "to": value}
                event = Event("trait_changed", properties, now, hops, touched={f"trait:{trait}"})
                event.trait_changes.append((trait, was, value))
                event.zone_changed = world.zone_of(contact) != zone
                queue(contact, event)


def _say(world: World, contact: Contact, point: dict[str, Any], now: datetime, hops: int) -> None:
    """Said with the enrollment's clock; the same again renews the time and causes nothing (docs/semantics.md 58)."""
    name = f"topic:{point['topic']}" if "topic" in point else point["channel"]
    known = contact.consents.get(name)
    contact.consents[name] = (point["to"], now, contact.seq)
    if known and known[0] == point["to"]:
        return
    if "topic" in point:
        event = Event(f"topic_{point['to']}", {"topic": point["topic"]}, now, hops)
        event.topics_changed = point["topic"] in world.topics
    else:
        event = Event("unsubscribed", {"channel": point["channel"]}, now, hops)
    event.said[name] = point["to"]
    event.touched.add(f"consent:{name}")
    queue(contact, event)


def _noted(contact: Contact, trip: Trip, source: str, path: str) -> str:
    """A value within a note: text as it is, true, numbers and the like as JSON writes them, nothing where there is none."""
    value: Json = trip.entry if source == "entry" else {name: contact.trait(name) for name in contact.traits}
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
