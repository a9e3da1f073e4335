"""Operators that look at a moment and at the clock: before, within, anniversary_within."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from psycopg.sql import SQL, Composable, Literal

from safar.lib.durations import CALENDARS, Duration, parse_duration
from safar.lib.faults import Faults, said, told
from safar.segments.catalog import Catalog
from safar.segments.kinds import Schema, Words, shown
from safar.segments.moments import if_after, local_date, plus
from safar.segments.operator import Operator, Subject
from safar.segments.reading import Reading

DURATION_SCHEMA: Schema = {"$ref": "#/$defs/duration"}


def read_duration(value: object, faults: Faults) -> Duration | None:
    """From ISO 8601 text; a fault for all else."""
    if not isinstance(value, str):
        faults.add(said("a duration such as P30D is needed here, not %(found)s", found=shown(value)))
        return None
    try:
        return parse_duration(value)
    except ValueError as fault:
        faults.add(told(fault))
        return None


class _Timed(Operator):
    subjects = frozenset({Subject.VALUE, Subject.TIME})
    timed = True

    def schema(self) -> Schema:
        return dict(DURATION_SCHEMA)

    def on_value(self, value: Composable, argument: object, r: Reading) -> Composable:
        return self.on_time(as_time(value, r), argument, r)


class Before(_Timed):
    """Longer ago than: value + D ≤ now."""

    key = "before"
    label: ClassVar[Words] = {"en": "longer ago than", "fa": "پیش از این مدت"}
    sign: ClassVar[SQL] = SQL("<=")

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> Duration | None:
        return read_duration(value, faults)

    def on_time(self, value: Composable, argument: Duration, r: Reading) -> Composable:
        return SQL("coalesce({} {} {}, false)").format(plus(value, argument, r.zone, r.calendar), self.sign, r.at)

    def flip(self, time: Composable, argument: Duration, r: Reading) -> Composable:
        return if_after(plus(time, argument, r.zone, r.calendar), r.at)


class Within(Before):
    """Not longer ago than: value + D > now."""

    key = "within"
    label: ClassVar[Words] = {"en": "within the last", "fa": "در این مدت اخیر"}
    sign: ClassVar[SQL] = SQL(">")


@dataclass(frozen=True)
class Yearly:
    """How far ahead to look for the yearly day, and by which calendar (None: the workspace's)."""

    ahead: Duration
    calendar: str | None = None


class AnniversaryWithin(_Timed):
    """The yearly day comes in the local days from today to today + D, both included."""

    key = "anniversary_within"
    label: ClassVar[Words] = {"en": "comes round within", "fa": "سالگردش تا این مدت می‌رسد"}

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> Yearly | None:
        ahead = read_duration(value, faults)
        if ahead is None:
            return None
        if ahead.exact or min(ahead.months, ahead.days) < 0:
            faults.add(said("'anniversary_within' counts whole days from today on, such as P7D or P0D"))
            return None
        return Yearly(ahead)

    def on_time(self, value: Composable, argument: Yearly, r: Reading) -> Composable:
        today = local_date(r.at, r.zone)
        return SQL("coalesce(safar_comes_round({}, {}, {}, {}), false)").format(
            local_date(value, r.zone),
            today,
            _days_on(today, argument.ahead, r),
            Literal(argument.calendar or r.calendar),
        )

    def flip(self, time: Composable, argument: Yearly, r: Reading) -> Composable:
        """Every local midnight, also while there is no date: one may come late, unseen before the next reading. Today's may be still to
        come: in Havana midnight comes twice a year.
        """
        today = local_date(r.at, r.zone)
        midnights = [SQL("({} + {})::timestamp AT TIME ZONE {}").format(today, SQL(n), r.zone) for n in ("0", "1")]
        return SQL("coalesce({}, {})").format(if_after(midnights[0], r.at), midnights[1])


def as_time(value: Composable, r: Reading) -> Composable:
    """A jsonb value as timestamptz; NULL where it is no date."""
    return SQL("safar_time({}, {})").format(value, r.zone)


def _days_on(today: Composable, ahead: Duration, r: Reading) -> Composable:
    """A local date, so much later: date. Midnights in UTC stand for the days, so that no zone's leaps take part."""
    days = Duration(ahead.months, ahead.days, timedelta())
    start = SQL("({}::timestamp AT TIME ZONE 'UTC')").format(today)
    return SQL("({} AT TIME ZONE 'UTC')::date").format(plus(start, days, SQL("'UTC'"), r.calendar))


def read_calendar(value: object, faults: Faults) -> str | None:
    """gregorian or jalali."""
    if value in CALENDARS:
        return str(value)
    faults.add(said("there is no calendar %(found)s; one of %(known)s", found=shown(value), known=", ".join(CALENDARS)))
    return None


def timing() -> tuple[Operator, ...]:
    """One of each."""
    return (Before(), Within(), AnniversaryWithin())
