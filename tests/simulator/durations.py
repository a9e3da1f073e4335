"""Durations and local time.

What PostgreSQL's AT TIME ZONE makes of local times, tried on a PostgreSQL 15 (Debian) for Berlin, Dublin, Moscow,
Casablanca, Tehran, Lord Howe, Caracas and Apia: a time that does not exist is read with the offset before the gap
(02:30 in Berlin on 2026-03-29 is 01:30Z, shown as 03:30), a time that exists twice with the offset after the change
(02:30 on 2026-10-25 is 01:30Z). It does not matter which of the two is called summer time: Moscow's 01:30 on
2014-10-26, standard time on both sides, is 22:30Z, and Dublin, whose winter time is the "daylight" one, goes the same
way. Both come to one rule: the smaller of the two offsets, that is the later of the two instants.
`tests/test_local_time.py` asks a server again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from . import jalali
from .values import fold

ZONES = frozenset(available_timezones())
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # as date.weekday() counts
_DURATION = re.compile(
    r"^([+-])?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,6})?)S)?)?$"
)
_MOMENT = re.compile(
    r"^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d{2}:?\d{2})?)?$"
)


@dataclass(frozen=True)
class Duration:
    """Months (years in it), days (weeks in it) and an exact part; the sign has gone into all of them."""

    months: int
    days: int
    exact: timedelta


@lru_cache(maxsize=4096)
def parse_duration(text: str) -> Duration:
    """A duration from ISO 8601 such as P1M3DT2H or -P7D; ValueError for anything else."""
    found = _DURATION.match(text)
    if not found or text.endswith(("P", "T")):
        raise ValueError(f"not a duration: {text!r}")
    sign = -1 if found[1] == "-" else 1
    years, months, weeks, days, hours, minutes = (int(found[n] or 0) for n in range(2, 8))
    exact = timedelta(hours=hours, minutes=minutes) + timedelta(microseconds=round(float(found[8] or 0) * 1_000_000))
    return Duration(sign * (12 * years + months), sign * (7 * weeks + days), sign * exact)


@lru_cache(maxsize=64)
def zone_info(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


def is_zone(name: object) -> bool:
    return isinstance(name, str) and name in ZONES


@lru_cache(maxsize=16384)
def to_local(instant: datetime, zone: str) -> datetime:
    """The wall clock (without offset) at an instant."""
    return instant.astimezone(zone_info(zone)).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=16384)
def to_instant(local: datetime, zone: str) -> datetime:
    """The instant of a wall clock, by the rule at the head of this file."""
    info = zone_info(zone)
    before = local.replace(tzinfo=info, fold=0).utcoffset()
    after = local.replace(tzinfo=info, fold=1).utcoffset()
    assert before is not None
    assert after is not None
    return (local - min(before, after)).replace(tzinfo=UTC)


def midnight(day: date, zone: str) -> datetime:
    return to_instant(datetime.combine(day, time()), zone)


def next_midnight(now: datetime, zone: str) -> datetime:
    """The first local midnight after now."""
    today = to_local(now, zone).date()
    return next(m for m in (midnight(today + timedelta(days=n), zone) for n in range(4)) if m > now)


def add_to_date(day: date, duration: Duration, calendar: str) -> date:
    """The calendar part of a duration: years and months first (clipped to the month's end), then days."""
    if duration.months:
        if calendar == "jalali":
            year, month, number = jalali.from_gregorian(day)
            year, month = divmod(12 * year + month - 1 + duration.months, 12)
            day = jalali.to_gregorian(year, month + 1, min(number, jalali.month_length(year, month + 1)))
        else:
            year, month = divmod(12 * day.year + day.month - 1 + duration.months, 12)
            next_month = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
            day = date(year, month + 1, min(day.day, (next_month - timedelta(days=1)).day))
    return day + timedelta(days=duration.days)


@lru_cache(maxsize=16384)
def add(instant: datetime, text: str, zone: str, calendar: str) -> datetime:
    """An instant plus a duration: calendar part on the zone's wall clock, then the exact part."""
    duration = parse_duration(text)
    if duration.months or duration.days:
        local = to_local(instant, zone)
        instant = to_instant(datetime.combine(add_to_date(local.date(), duration, calendar), local.time()), zone)
    return instant + duration.exact


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[datetime, timedelta | None] | None:
    """The wall clock and the offset (None if the text has none) of an ISO 8601 date or date and time."""
    found = _MOMENT.match(fold(text).strip())
    if not found:
        return None
    hour, minute, second = (int(found[n] or 0) for n in (4, 5, 6))
    fraction = int((found[7] or "").ljust(6, "0"))
    try:
        local = datetime.combine(
            date(int(found[1]), int(found[2]), int(found[3])), time(hour, minute, second, fraction)
        )
    except ValueError:
        return None
    if found[8] is None:
        return local, None
    if found[8] == "Z":
        return local, timedelta()
    hours, minutes = int(found[8][1:3]), int(found[8][-2:])
    return local, (-1 if found[8][0] == "-" else 1) * timedelta(hours=hours, minutes=minutes)


def read_moment(value: object, zone: str) -> datetime | None:
    """The instant that a text names, local to the zone where it has no offset; None for everything else."""
    parts = _parts(value) if isinstance(value, str) else None
    if parts is None:
        return None
    local, offset = parts
    return to_instant(local, zone) if offset is None else (local - offset).replace(tzinfo=UTC)


def read_date(value: object, zone: str) -> date | None:
    """The local date that a text names; None for everything else."""
    parts = _parts(value) if isinstance(value, str) else None
    if parts is None:
        return None
    local, offset = parts
    return local.date() if offset is None else to_local((local - offset).replace(tzinfo=UTC), zone).date()


def read_instant(text: object) -> datetime | None:
    """A message's timestamp or receivedAt; UTC where it has no offset."""
    return read_moment(text, "UTC")


def show(instant: datetime | None) -> str | None:
    """ISO 8601 UTC with microseconds, as in a trace."""
    return None if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
