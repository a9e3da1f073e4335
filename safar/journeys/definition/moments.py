"""Moments a delay can wait for, as data: a time of day, days of the week, a date in a trait, a fixed local moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from safar.lib.durations import Duration

WEEKDAYS = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")  # in the order of the Persian week
ISO_WEEKDAY = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[-+]\d\d:\d\d)?)?", re.ASCII)


@dataclass(frozen=True)
class ClockTime:
    """The next such local time from the arrival on, the arrival included. weekdays: () for any day."""

    time: str
    weekdays: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weekdays:
    """At once on such a day, else at the next one's local midnight."""

    weekdays: tuple[str, ...]


@dataclass(frozen=True)
class TraitDate:
    """The date in a trait, moved by offset."""

    trait: str
    offset: Duration | None = None


@dataclass(frozen=True)
class FixedMoment:
    """text: ISO 8601, ``2027-03-21T08:00``; without an offset from UTC it is local to the contact."""

    text: str
    local: bool


Until = ClockTime | Weekdays | TraitDate | FixedMoment


def parse_time(written: str) -> str | None:
    """``HH:MM`` or ``HH:MM:SS``, as it is; None where it is no time of day."""
    if not _TIME.fullmatch(written):
        return None
    time.fromisoformat(written)
    return written


def parse_moment(written: str) -> FixedMoment | None:
    """``2027-03-21``, ``2027-03-21T08:00``, with seconds, with ``Z`` or an offset; None where it is none of these."""
    found = _MOMENT.fullmatch(written)
    if not found:
        return None
    day, clock, offset = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset or ''}")
    except ValueError:
        return None
    if not 1900 <= moment.year <= 2999:  # PostgreSQL reads more, but nobody waits for it
        return None
    return FixedMoment(f"{day} {clock or '00:00'}{offset or ''}", local=offset is None)
