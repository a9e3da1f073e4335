"""Timers: what of a contact is due next, and what happens when it fires."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from . import durations, facts, schedule, states, yearly
from .apply import drain, ordered_trips
from .conditions import View, holds, next_flip
from .model import Contact, Trip, World
from .points import SENDS, is_event_wait, view_of
from .travel import begin_stretch, leave_if_exit_when, timer_hops, try_entry
from .values import Json


@dataclass
class Timer:
    due: datetime
    rank: tuple[int, ...]  # order among the timers of one instant
    fire: Callable[[datetime], None]


def advance(world: World, contact: Contact, until: datetime) -> None:
    """Fire all timers due strictly before a moment, one by one, each with all it causes."""
    while contact.clock is not None and contact.merged_label is None:
        timer = min(_timers(world, contact), key=lambda timer: (timer.due, timer.rank), default=None)
        if timer is None or timer.due >= until:
            return
        contact.clock, contact.current = timer.due, None
        world.counts["timer"] += 1
        timer.fire(timer.due)
        drain(world, contact)


def _timers(world: World, contact: Contact) -> Iterator[Timer]:
    """Segments in order; by journey, enrollment (exit_when before its point); starting points in map order."""
    now = contact.clock
    assert now is not None
    for number, segment in enumerate(world.watched):
        flip = contact.segment_flips.get(segment)
        if flip:
            yield Timer(max(flip, now), (0, number), partial(_fire_segment, world, contact, segment))
    for number, trip in enumerate(ordered_trips(world, contact)):
        if trip.held_until:
            yield Timer(trip.held_until, (1, number, 0), partial(_fire_held_until, trip))
        if trip.status == "open" and trip.exit_flip:
            yield Timer(max(trip.exit_flip, now), (1, number, 0), partial(_fire_exit_when, world, contact, trip))
        if trip.status == "open" and trip.wake:
            due = min(trip.wake, trip.flip or trip.wake)
            yield Timer(max(due, now), (1, number, 1), partial(_fire_point, world, contact, trip))
    for number, (journey, start, point) in enumerate(facts.starts(world)):
        year = contact.years.get((journey, start))
        moment = None if year is None else yearly.moment_of(world, contact, point, year)
        if moment is not None:
            yield Timer(max(moment, now), (2, number), partial(_fire_yearly, world, contact, journey, start))
        day = contact.scheduled.get((journey, start))
        at = None if day is None else schedule.moment_of(world, contact, point, day)
        if at is not None:
            yield Timer(max(at, now), (2, number), partial(_fire_schedule, world, contact, journey, start))
        for due, keys, said in states.timers(world, contact, journey, start, point):
            yield Timer(max(due, now), (2, number), partial(_fire_state, world, contact, keys, said))
        found = _start_due(world, contact, journey, start, point)
        if found:
            due, key, entry = found
            fire = partial(_fire_start, world, contact, key, entry)
            yield Timer(max(due, now), (2, number), fire)


Key = tuple[str, str, object]


def _start_due(
    world: World, contact: Contact, journey: str, start: str, point: dict[str, Any]
) -> tuple[datetime, Key, dict[str, Json]] | None:
    """When a starting point is due that is a state, what marks it as matched, and its entry properties."""
    due: datetime | None = None
    key: Key = (journey, start, None)
    entry: dict[str, Json] = {}
    if point["kind"] == "date_reached":
        key = (journey, start, "date")
        due = facts.date_due(world, contact, point)
        moment = durations.read_moment(contact.trait(point["trait"]), world.zone_of(contact))
        entry = {"trait": point["trait"], "date": durations.show(moment)}
    elif point["kind"] == "segment_once" and contact.begun:
        key = (journey, start, "once")
        due = facts.once_due(world, contact, point)
        entry = {"segment": point["segment"]}
    elif point["kind"] == "lapsed" and contact.shop.last_order:
        key = (journey, start, contact.shop.last_order)
        due = world.add(contact, contact.shop.last_order, point["after"])
        entry = facts.shop_entry(contact)
    elif point["kind"] == "cart_abandoned" and contact.shop.last_cart:
        key = (journey, start, contact.shop.last_cart)
        due = world.add(contact, contact.shop.last_cart, point["after"])
        entry = facts.shop_entry(contact)
    return (due, key, entry) if due is not None and key not in contact.done else None


def _fire_segment(world: World, contact: Contact, segment: str, now: datetime) -> None:
    facts.read_segment(world, contact, segment, 0, late=False)


def _fire_held_until(trip: Trip, now: datetime) -> None:
    trip.held_until = None


def _fire_exit_when(world: World, contact: Contact, trip: Trip, now: datetime) -> None:
    trip.exit_flip = None
    if leave_if_exit_when(world, contact, trip, timer_hops(trip, now), now):
        world.counts["left by exit_when's timer"] += 1


def _fire_point(world: World, contact: Contact, trip: Trip, now: datetime) -> None:
    """A delay has ended, or a wait is read by its timer, at its deadline for the last time."""
    assert trip.wake is not None
    assert trip.place is not None
    point = world.journeys[trip.journey]["points"][trip.place]
    path = None
    if point["kind"] in SENDS:
        begin_stretch(world, contact, trip, "", timer_hops(trip, now), now)
        return
    if point["kind"] == "delay":
        path = "next"
    else:
        view = view_of(world, contact, trip, now)
        if not is_event_wait(point["for"]) and holds(point["for"], view):
            path = "happened"
            world.counts["wait happened by time" if now < trip.wake else "wait happened at its deadline"] += 1
        elif now >= trip.wake:
            path = "timed_out"
        else:
            trip.flip = next_flip(point["for"], view)
            world.counts["wait read by time, in vain"] += 1
    if path:
        begin_stretch(world, contact, trip, path, timer_hops(trip, now), now)


def _fire_yearly(world: World, contact: Contact, journey: str, start: str, now: datetime) -> None:
    """The day has come; next year's is armed."""
    point = world.journeys[journey]["start"][start]
    year = contact.years[journey, start]
    day, trait = yearly.day_of(world, contact, point, year), yearly.trait_of(point)
    assert day is not None
    contact.years[journey, start] = year + 1
    entry: dict[str, Json] = {"date": day.isoformat(), **({"trait": trait} if trait else {})}
    _fire_start(world, contact, (journey, start, f"year {year}"), entry, now)


def _fire_schedule(world: World, contact: Contact, journey: str, start: str, now: datetime) -> None:
    """The day has come; the next one is armed."""
    point = world.journeys[journey]["start"][start]
    day = contact.scheduled.pop((journey, start))
    following = schedule.next_day(world, contact, point, day, now)
    if following is not None:
        contact.scheduled[journey, start] = following
    world.counts["by time schedule"] += 1
    _fire_start(world, contact, (journey, start, f"day {day}"), schedule.entry_of(world, contact, point, now), now)


def _fire_state(world: World, contact: Contact, keys: list[Key], entry: dict[str, Json], now: datetime) -> None:
    contact.done.update(keys)
    world.counts[f"by time {world.journeys[keys[0][0]]['start'][keys[0][1]]['kind']}"] += 1
    _fire_start(world, contact, keys[0], entry, now)


def _fire_start(world: World, contact: Contact, key: Key, entry: dict[str, Json], now: datetime) -> None:
    journey, start, _ = key
    contact.done.add(key)
    point = world.journeys[journey]["start"][start]
    view = View(world, contact, now, journey, entry, contact.seq, contact.seq)
    if "filter" in point and not holds(point["filter"], view):
        world.counts["filter refused"] += 1
        return
    named = point["kind"] in ("segment_once", "schedule") and "segment" in point
    if named and not holds({"segment": point["segment"]}, View(world, contact, now)):
        world.counts["segment_once without"] += 1
        return
    try_entry(world, contact, journey, start, entry, 0, now)
