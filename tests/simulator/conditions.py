"""Conditions: what holds now, when time alone may change it, and what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from . import durations, jalali
from .model import Contact, Happened, World
from .values import Json, operators_hold, same

MESSAGE_EVENTS = {
    "sent": ("message_sent",),
    "delivered": ("message_delivered",),
    "opened": ("email_opened",),
    "clicked": ("email_clicked", "sms_clicked"),
    "bounced": ("message_bounced",),
    "failed": ("message_failed",),
    "skipped": ("message_skipped",),
}
Condition = dict[str, Any]


@dataclass(frozen=True)
class View:
    """From where a condition is read."""

    world: World
    contact: Contact
    now: datetime
    journey: str | None = None
    entry: dict[str, Json] | None = None
    entry_seq: int = 0
    arrival_seq: int = 0
    leaving: bool = False  # in exit_when: event conditions count from the entry unless they say within or times

    @property
    def zone(self) -> str:
        return self.world.zone_of(self.contact)

    def add(self, instant: datetime, duration: str) -> datetime:
        return durations.add(instant, duration, self.zone, self.world.calendar)


def where_holds(where: Condition | None, properties: dict[str, Json], entry: dict[str, Json] | None) -> bool:
    """All properties named in a `where`; a bare value is `is`, same_as compares with the entry."""
    for name, wanted in (where or {}).items():
        value = properties.get(name)
        if not isinstance(wanted, dict):
            wanted = {"is": wanted}
        if "same_as" in wanted:
            other = (entry or {}).get(wanted["same_as"].removeprefix("entry."))
            if not same(value, other):
                return False
        if not operators_hold(value, wanted):
            return False
    return True


def matching_events(condition: Condition, view: View) -> list[Happened]:
    """The history that an event condition counts, its `within` left aside."""
    after = 0
    since = condition.get("since")
    if since == "arrival":
        after = view.arrival_seq
    elif since == "entry" or (view.leaving and "within" not in condition and "times" not in condition):
        after = view.entry_seq
    return [
        past
        for past in view.contact.history
        if past.name == condition["event"]
        and past.seq > after
        and where_holds(condition.get("where"), past.properties, view.entry)
    ]


def holds(condition: Condition, view: View) -> bool:
    if "all" in condition:
        return all(holds(part, view) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, view) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], view)
    if "segment" in condition:
        return holds(view.world.segments[condition["segment"]], replace(view, leaving=False))
    if "trait" in condition:
        value = view.contact.trait(condition["trait"])
        if "anniversary_within" in condition and not _anniversary(value, condition, view):
            return False
        return operators_hold(value, condition)
    if "fact" in condition:
        return _fact_holds(view.contact.facts()[condition["fact"]], condition, view)
    if "entry" in condition:
        return operators_hold((view.entry or {}).get(condition["entry"]), condition)
    if "tag" in condition:
        return condition["tag"] in view.contact.tags
    if "consent" in condition:
        known = view.contact.consents.get(condition["consent"])
        return operators_hold(known[0] if known else "unknown", condition)
    if "topic" in condition:
        known = view.contact.consents.get(f"topic:{condition['topic']}")
        return (known[0] if known else "unknown") == condition["is"]
    if "event" in condition:
        found = matching_events(condition, view)
        if "within" in condition:
            found = [past for past in found if view.add(past.timestamp, condition["within"]) > view.now]
        return operators_hold(len(found), condition["times"]) if "times" in condition else bool(found)
    if "message" in condition:
        return any(_is_message(past, condition, view) for past in view.contact.history)
    if "journey" in condition:
        trips = [trip for trip in view.contact.trips if trip.journey == condition["journey"]]
        return {
            "inside": any(trip.status == "open" for trip in trips),
            "finished": any(trip.status == "finished" for trip in trips),
            "never_entered": not trips,
        }[condition["is"]]
    raise ValueError(f"no such condition: {condition}")


def _fact_holds(value: Any, condition: Condition, view: View) -> bool:
    for window in ("before", "within"):
        if window in condition:
            if not isinstance(value, datetime):
                return False
            if (view.add(value, condition[window]) <= view.now) is not (window == "before"):
                return False
    return operators_hold(value, condition)


def _is_message(past: Happened, condition: Condition, view: View) -> bool:
    if past.name not in MESSAGE_EVENTS[condition["was"]]:
        return False
    if same(past.properties.get("template"), condition["message"]):
        return True
    return same(past.properties.get("journey"), view.journey) and same(
        past.properties.get("point"), condition["message"]
    )


def _anniversary(value: Json, condition: Condition, view: View) -> bool:
    born = durations.read_date(value, view.zone)
    if born is None:
        return False
    duration = durations.parse_duration(condition["anniversary_within"])
    first = durations.to_local(view.now, view.zone).date()
    last = durations.add_to_date(first, duration, view.world.calendar)
    calendar = condition.get("calendar", view.world.calendar)
    return any(first <= day <= last for day in _anniversaries(born, first, last, calendar))


def _anniversaries(born: date, first: date, last: date, calendar: str) -> Iterator[date]:
    """The anniversaries in the years around a window; the month's last day where a year has no such day."""
    if calendar == "jalali":
        try:
            _, month, day = jalali.from_gregorian(born)
        except KeyError:
            return
        for year in range(jalali.from_gregorian(first)[0], jalali.from_gregorian(last)[0] + 1):
            yield jalali.to_gregorian(year, month, min(day, jalali.month_length(year, month)))
    else:
        for year in range(first.year, last.year + 1):
            try:
                yield born.replace(year=year)
            except ValueError:
                yield date(year, 2, 28)


def next_flip(condition: Condition, view: View) -> datetime | None:
    """The earliest moment after now at which time alone may change a condition."""
    return min((moment for moment in _flips(condition, view) if moment > view.now), default=None)


def _flips(condition: Condition, view: View) -> Iterator[datetime]:
    if "all" in condition or "any" in condition:
        for part in condition.get("all") or condition.get("any") or []:
            yield from _flips(part, view)
    elif "not" in condition:
        yield from _flips(condition["not"], view)
    elif "segment" in condition:
        yield from _flips(view.world.segments[condition["segment"]], replace(view, leaving=False))
    elif "anniversary_within" in condition:
        yield durations.next_midnight(view.now, view.zone)
    elif "fact" in condition:
        value = view.contact.facts()[condition["fact"]]
        for window in ("before", "within"):
            if window in condition and isinstance(value, datetime):
                yield view.add(value, condition[window])
    elif "event" in condition and "within" in condition:
        for past in matching_events(condition, view):
            yield view.add(past.timestamp, condition["within"])


def reads(condition: Condition, world: World) -> frozenset[str]:
    """What a condition reads, in the words of Event.touched."""
    found: set[str] = set()
    for part in parts(condition, world):
        for kind in ("trait", "tag", "fact", "consent", "event", "journey"):
            if kind in part:
                found.add(f"{kind}:{part[kind]}")
        if "topic" in part:
            found.add(f"consent:topic:{part['topic']}")
        if "message" in part:
            found.update(f"event:{name}" for name in MESSAGE_EVENTS[part["was"]])
    return frozenset(found)


def parts(condition: Condition, world: World) -> Iterator[Condition]:
    """The simple conditions of a composite, those of segments put in place."""
    if "all" in condition or "any" in condition:
        for part in condition.get("all") or condition.get("any") or []:
            yield from parts(part, world)
    elif "not" in condition:
        yield from parts(condition["not"], world)
    elif "segment" in condition:
        yield from parts(world.segments[condition["segment"]], world)
    else:
        yield condition
