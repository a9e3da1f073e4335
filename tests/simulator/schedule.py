"""The starting point schedule: days that come round, known by the day itself (docs/semantics.md 67)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from . import durations, jalali
from .model import Contact, Event, World
from .values import Json

Start = dict[str, Any]
ONCE = date(2000, 1, 1)  # stands for the one day of a moment that is stated
OCCASIONS: dict[str, Callable[[int], date]] = {  # of a Gregorian year; those that the cases name
    "nowruz": lambda year: jalali.to_gregorian(year - 621, 1, 1),
    "yalda": lambda year: jalali.to_gregorian(year - 621, 9, 30),
    "christmas": lambda year: date(year, 12, 25),
}


def days(world: World, point: Start, first: date, last: date) -> Iterator[date]:
    """Its days from first to last."""
    if "at" in point:
        yield ONCE
    elif "occasion" in point:
        for year in range(first.year - 2, last.year + 3):
            day = OCCASIONS[point["occasion"]](year)
            if date(2025, 3, 21) <= day < date(2045, 3, 20):  # the years that are known, 1404 to 1423
                yield day
    else:
        day = first
        while day <= last:
            if _is_one(world, point, day):
                yield day
            day += timedelta(days=1)


def _is_one(world: World, point: Start, day: date) -> bool:
    if "every" in point:
        weekdays = point["every"].get("weekdays")
        return not weekdays or durations.WEEKDAYS[day.weekday()] in weekdays
    following = day + timedelta(days=1)
    if (point.get("calendar") or world.calendar) == "jalali":
        number, last = jalali.from_gregorian(day)[2], jalali.from_gregorian(following)[2] == 1
    else:
        number, last = day.day, following.day == 1
    wanted = point["day_of_month"]
    return bool(number == wanted or (last and number < wanted))


def moment_of(world: World, contact: Contact, point: Start, day: date) -> datetime | None:
    zone = world.zone_of(contact)
    if "at" in point:
        return durations.read_moment(point["at"], zone)
    clock = point["every"].get("time") if "every" in point else point.get("time")
    moment = durations.read_moment(f"{day.isoformat()}T{clock or '00:00'}", zone)
    return world.add(contact, moment, point["offset"]) if moment and "offset" in point else moment


def arm(world: World, contact: Contact, event: Event, key: tuple[str, str], point: Start) -> None:
    """By the first event: the first day whose moment is not past."""
    now = contact.clock
    assert now is not None
    if not event.created:
        return
    contact.scheduled.pop(key, None)
    for day, moment in _around(world, contact, point, now):
        if moment > now or (moment == now and event.hops == 0):
            contact.scheduled[key] = day
            world.counts["armed schedule"] += 1
            return


def next_day(world: World, contact: Contact, point: Start, day: date, now: datetime) -> date | None:
    """The first one after that whose moment is still to come."""
    return next((each for each, moment in _around(world, contact, point, now) if each > day and moment > now), None)


def entry_of(world: World, contact: Contact, point: Start, now: datetime) -> dict[str, Json]:
    found: dict[str, Json] = {name: point[name] for name in ("segment", "occasion") if name in point}
    if "at" not in point:
        come = [day for day, moment in _around(world, contact, point, now) if moment <= now]
        if come:
            found["date"] = max(come).isoformat()
    return found


def _around(world: World, contact: Contact, point: Start, now: datetime) -> list[tuple[date, datetime]]:
    today = durations.to_local(now, world.zone_of(contact)).date()
    found = []
    for day in days(world, point, today - timedelta(days=68), today + timedelta(days=72)):
        moment = moment_of(world, contact, point, day)
        if moment is not None:
            found.append((day, moment))
    return sorted(found)
