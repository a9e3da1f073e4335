"""Entering, moving from point to point, leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from .conditions import View, holds, next_flip
from .model import Contact, Event, Passage, Trip, World
from .points import pass_point, queue, shortened, view_of
from .values import Json, key_text, share

# Entering


def try_entry(
    world: World, contact: Contact, journey: str, start: str, entry: dict[str, Json], hops: int, now: datetime
) -> None:
    """Enter by a starting point that matches, or count why not."""
    settings = world.journeys[journey].get("settings") or {}
    filter_view = View(world, contact, now, journey, entry, contact.seq, contact.seq)
    world.counts[f"matched {world.journeys[journey]['start'][start]['kind']}"] += 1
    one_per = entry.get(settings["one_per"]) if settings.get("one_per") else None
    value_key = key_text(one_per)
    past = [trip for trip in contact.trips if trip.journey == journey and trip.value_key == value_key]
    reason = None
    if settings.get("one_per") and value_key is None:
        reason = "no_value"
    elif contact.current and journey in contact.current.left:
        reason = "left_by_this_event"
    elif any(trip.status == "open" or trip.held_until for trip in past):
        reason = "inside"
    elif past and not _may_return(world, contact, settings.get("reentry", "never"), past[-1], now):
        reason = "reentry"
    elif settings.get("exit_when") and holds(settings["exit_when"], replace(filter_view, leaving=True)):
        reason = "exit_when"
    if reason:
        world.refusals[journey][reason] += 1
        world.counts[f"refused {reason}"] += 1
        world.note(contact, lambda: f"{journey}: refused by {start}: {reason}")
        return
    goal = settings.get("goal") or {}
    goal_until = world.add(contact, now, goal["within"]) if "within" in goal else None
    trip = Trip(
        journey=journey,
        start=start,
        one_per=past[0].one_per if past else one_per,
        value_key=value_key,
        order=past[0].order if past else len({t.value_key for t in contact.trips if t.journey == journey}),
        entry=entry,
        entry_seq=contact.seq,
        entered_at=now,
        goal_until=goal_until,
        hops=hops,
        last_stretch=now,
    )
    contact.trips.append(trip)
    world.counts["re-entered" if past else "entered"] += 1
    world.note(contact, lambda: f"{journey}: entered by {start} with {entry}")
    tell(world, contact, "journey_entered", {"journey": journey}, hops)
    if share(f"{contact.key}|{journey}|control") * 100 < settings.get("control_group", 0):
        trip.status = "held_out"
        trip.held_until = goal_until if goal_until and goal_until > now else None
        world.counts["held out"] += 1
        world.note(contact, lambda: f"{journey}: held out")
        return
    if settings.get("exit_when"):
        trip.exit_flip = next_flip(settings["exit_when"], view_of(world, contact, trip, now, leaving=True))
    follow(world, contact, trip, shortened(world.journeys[journey]["start"][start]).get("next"), now)


def _may_return(world: World, contact: Contact, reentry: str, last: Trip, now: datetime) -> bool:
    if reentry in ("never", "always"):
        return reentry == "always"
    return world.add(contact, last.entered_at, reentry) <= now


# Moving


def begin_stretch(world: World, contact: Contact, trip: Trip, path: str, hops: int, now: datetime) -> None:
    """Move on from where the trip stands, by a path, unless exit_when holds by now. path: empty to come to the same point again."""
    trip.hops, trip.last_stretch = hops, now
    if leave_if_exit_when(world, contact, trip, hops, now):
        world.counts["left by exit_when before a stretch"] += 1
        return
    assert trip.place is not None
    passage = trip.passages[-1]
    if not path:  # what goes out: whether it may is looked at once more, by the clock of now
        follow(world, contact, trip, trip.place, now, stood=trip.passages.pop().arrived_at)
        return
    passage.left_at, passage.path = now, path
    world.counts[f"stood, then {path}"] += 1
    point = world.journeys[trip.journey]["points"][trip.place]
    follow(world, contact, trip, shortened(point).get(path), now)


def timer_hops(trip: Trip, now: datetime) -> int:
    """Timers keep the enrollment's hops for a minute after its last stretch began."""
    kept = now - trip.last_stretch <= timedelta(minutes=1)
    return trip.hops if kept else 0


def follow(
    world: World, contact: Contact, trip: Trip, place: str | None, now: datetime, *, stood: datetime | None = None
) -> None:
    """Go on through instant points until the trip stands or ends. stood: since when it stood at the first of them."""
    trip.wake = trip.flip = None
    while place is not None:
        trip.place, trip.arrival_seq = place, contact.seq
        woken, passage, stood = stood is not None, Passage(place, stood or now), None
        trip.passages.append(passage)
        point = world.journeys[trip.journey]["points"][place]
        world.counts[f"point {point['kind']}"] += 1
        if point["kind"] == "exit":
            leave(world, contact, trip, point.get("reason", "exit"), trip.hops, now, of_the_event=True)
            return
        path = pass_point(world, contact, trip, point, now, woken=woken)
        if path is None:
            world.note(contact, lambda: f"{trip.journey}: stands at {trip.place}")
            return
        _note_passing(world, contact, trip, path)
        passage.left_at, passage.path = now, path
        place = shortened(point).get(path)
    trip.status, trip.place, trip.exit_flip = "finished", None, None
    world.counts["finished"] += 1
    _tell_end(world, contact, trip, trip.hops)


def _note_passing(world: World, contact: Contact, trip: Trip, path: str) -> None:
    place = trip.place
    world.note(contact, lambda: f"{trip.journey}: passes {place} by {path}")


# Leaving


def leave_if_exit_when(world: World, contact: Contact, trip: Trip, hops: int, now: datetime) -> bool:
    """Read exit_when; leave if it holds, else keep the earliest moment at which it may."""
    condition = (world.journeys[trip.journey].get("settings") or {}).get("exit_when")
    if not condition:
        return False
    view = view_of(world, contact, trip, now, leaving=True)
    if holds(condition, view):
        leave(world, contact, trip, "exit_when", hops, now, of_the_event=True)
        return True
    trip.exit_flip = min((m for m in (trip.exit_flip, next_flip(condition, view)) if m), default=None)
    return False


def leave(
    world: World, contact: Contact, trip: Trip, reason: str, hops: int, now: datetime, *, of_the_event: bool
) -> None:
    """End an open trip where it stands."""
    trip.status, trip.reason, trip.place = "left", reason, None
    trip.wake = trip.flip = trip.exit_flip = None
    if trip.passages and trip.passages[-1].left_at is None:
        trip.passages[-1].left_at = now
    if of_the_event and contact.current:
        contact.current.left.add(trip.journey)
    world.counts[
        f"left {reason if reason in ('goal', 'exit_when', 'merged', 'unsubscribed', 'leave_journey') else 'by exit point'}"
    ] += 1
    world.note(contact, lambda: f"{trip.journey}: left, {reason}")
    if reason != "merged":
        _tell_end(world, contact, trip, hops)


def _tell_end(world: World, contact: Contact, trip: Trip, hops: int) -> None:
    properties = {"journey": trip.journey, "status": trip.status, "reason": trip.reason}
    tell(world, contact, "journey_ended", properties, hops)


def tell(world: World, contact: Contact, name: str, properties: dict[str, Json], hops: int) -> None:
    """Opening and ending are events for those who read journeys."""
    journey = properties["journey"]
    if journey in world.told:
        now = contact.clock
        assert now is not None
        queue(contact, Event(name, properties, now, hops + 1, touched={f"journey:{journey}"}))
