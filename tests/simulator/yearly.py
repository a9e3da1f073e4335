"""Starting points that come round every year: birthday and yearly_date (docs/semantics.md 45)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from . import durations, jalali
from .model import Contact, Event, World

KINDS = ("birthday", "yearly_date")
Start = dict[str, Any]


def trait_of(point: Start) -> str | None:
    """The trait whose date comes round; None where the day is the same for everybody."""
    return point.get("trait") or ("birthday" if point["kind"] == "birthday" else None)


def day_of(world: World, contact: Contact, point: Start, year: int) -> date | None:
    """The day in that year of the calendar; the month's last where the year has no such day. None without a date."""
    calendar = point.get("calendar") or world.calendar
    trait = trait_of(point)
    if trait is None:
        month, day = (int(part) for part in point["day"].split("-"))
    else:
        born = durations.read_date(contact.trait(trait), world.zone_of(contact))
        if born is None:
            return None
        _, month, day = jalali.from_gregorian(born) if calendar == "jalali" else (born.year, born.month, born.day)
    if calendar == "jalali":
        return jalali.to_gregorian(year, month, min(day, jalali.month_length(year, month)))
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day, (following - date(year, month, 1)).days))


def moment_of(world: World, contact: Contact, point: Start, year: int) -> datetime | None:
    """Midnight of that day in the contact's zone, moved by the offset."""
    day = day_of(world, contact, point, year)
    if day is None:
        return None
    midnight = durations.midnight(day, world.zone_of(contact))
    return world.add(contact, midnight, point["offset"]) if "offset" in point else midnight


def arm(world: World, contact: Contact, event: Event, key: tuple[str, str], point: Start) -> None:
    """The first year whose moment is not past; now is past only for what a point has set."""
    trait, now = trait_of(point), contact.clock
    assert now is not None
    if not (event.created if trait is None else trait in {name for name, _, _ in event.trait_changes}):
        return
    contact.years.pop(key, None)
    today = durations.to_local(now, world.zone_of(contact)).date()
    here = jalali.from_gregorian(today)[0] if (point.get("calendar") or world.calendar) == "jalali" else today.year
    for year in range(here - 2, here + 4):
        moment = moment_of(world, contact, point, year)
        if moment is not None and (moment > now or (moment == now and event.hops == 0)):
            contact.years[key] = year
            world.counts[f"armed {point['kind']}"] += 1
            return
