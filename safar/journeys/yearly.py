"""What the starting points of yearly days have in common: one occasion a calendar year, at local midnight, moved by an offset.

An occasion's number is its year in the calendar. The year in which a date was written does not matter (docs/semantics.md 45).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.expressions import add, earlier_today
from safar.journeys.kinds import Parameter, Params, RecurringStart
from safar.journeys.words import choose
from safar.lib.durations import CALENDARS
from safar.lib.faults import Faults, said
from safar.segments.literals import text
from safar.segments.moments import local_date
from safar.segments.reading import Reading

AROUND = 3  # years looked at on both sides of now: an offset is shorter than one, and years of two calendars overlap


def yearly_parameters() -> tuple[Parameter, ...]:
    """offset and calendar, which every yearly day takes."""
    return (
        Parameter(
            "offset",
            "offset",
            {"en": "Offset", "fa": "فاصله"},
            {
                "en": "Before the day with a minus, such as -P7D; after it without. Less than a year.",
                "fa": "پیش از آن روز با منفی، مانند -P7D؛ پس از آن بدون منفی. کمتر از یک سال.",
            },
            required=False,
        ),
        Parameter(
            "calendar",
            "text",
            {"en": "Calendar", "fa": "تقویم"},
            {
                "en": "By which the day comes round: gregorian or jalali; the workspace's if left out.",
                "fa": "روز با کدام تقویم تکرار شود: gregorian یا jalali؛ اگر نیاید تقویم کسب‌وکار.",
            },
            required=False,
            choices=tuple(CALENDARS),
        ),
    )


class Yearly(RecurringStart):
    """A day that comes round every year."""

    @abstractmethod
    def base(self, p: Params, r: Reading) -> Composable | None:
        """The date whose day and month count: date, NULL where there is none. None: day and month stand in the parameters."""

    def month_day(self, p: Params) -> tuple[int, int]:
        """Month and day where they stand in the parameters."""
        raise NotImplementedError

    def check(self, p: Params, faults: Faults) -> None:
        offset = p.get("offset")
        if offset is not None:
            length = abs(offset.months) * 31 + abs(offset.days) + abs(offset.exact.total_seconds()) / 86400
            if length > 365:
                faults.at("offset").add(said("must be less than a year: it would come to another year's day"))

    def coming(self, p: Params, r: Reading, *, included: bool) -> Composable:
        return self._number("min", ">=" if included else ">", p, r)

    def moment(self, p: Params, r: Reading, occasion: Composable) -> Composable:
        return self._moment(p, r, self.base(p, r), occasion)

    def entry(self, p: Params, r: Reading) -> Composable:
        """date: the day itself, of the occasion that has come last."""
        day = self._day(p, r, self.base(p, r), self._number("max", "<=", p, r))
        return SQL("jsonb_strip_nulls(jsonb_build_object('trait', {}, 'date', to_char({}, 'YYYY-MM-DD')))").format(
            text(p["trait"]) if p.get("trait") else SQL("NULL::text"), day
        )

    def already(self, p: Params, r: Reading) -> Composable:
        """The day is a state as long as it lasts, as with date_reached."""
        base = self.base(p, r)
        return earlier_today(self._moment(p, r, base, self._number("max", "<", p, r)), r)

    def _number(self, pick: str, sign: str, p: Params, r: Reading) -> Composable:
        """The least or greatest number whose moment stands so towards r.at. OFFSET 0: the date is read once, not for each year."""
        base = self.base(p, r)
        year = SQL(
            "safar_jalali_year({})" if self._calendar(p, r) == "jalali" else "extract(year FROM {})::int"
        ).format(local_date(r.at, r.zone))
        named = None if base is None else SQL("yearly.base")
        return SQL(
            "(SELECT {pick}(years.number) FROM (SELECT {base} AS base, {year} AS here OFFSET 0) AS yearly"
            " CROSS JOIN LATERAL generate_series(yearly.here - {around}, yearly.here + {around}) AS years (number)"
            " WHERE {moment} {sign} {at})"
        ).format(
            pick=SQL(pick),
            base=SQL("NULL::date") if base is None else base,
            year=year,
            around=SQL(str(AROUND)),
            moment=self._moment(p, r, named, SQL("years.number")),
            sign=SQL(sign),
            at=r.at,
        )

    def _moment(self, p: Params, r: Reading, base: Composable | None, number: Composable) -> Composable:
        midnight = SQL("({}::timestamp AT TIME ZONE {})").format(self._day(p, r, base, number), r.zone)
        return add(midnight, p["offset"], r) if p.get("offset") is not None else midnight

    def _day(self, p: Params, r: Reading, base: Composable | None, number: Composable) -> Composable:
        """The day of that year: date. One that the year does not have falls on its month's last."""
        jalali = self._calendar(p, r) == "jalali"
        if base is not None and jalali:
            return SQL("safar_jalali_date({n}, (safar_jalali({b}))[2], (safar_jalali({b}))[3])").format(
                n=number, b=base
            )
        if base is not None:
            return SQL("({b} + make_interval(years => {n} - extract(year FROM {b})::int))::date").format(
                n=number, b=base
            )
        month, day = (SQL(str(part)) for part in self.month_day(p))
        if jalali:
            return SQL("safar_jalali_date({}, {}, {})").format(number, month, day)
        return SQL(
            "least(make_date({n}, {m}, 1) + {d} - 1, (make_date({n}, {m}, 1) + interval '1 month')::date - 1)"
        ).format(n=number, m=month, d=day)

    @staticmethod
    def _calendar(p: Params, r: Reading) -> str:
        return str(p.get("calendar") or r.calendar)


def trait_date(trait: str, r: Reading) -> Composable:
    """The local date in a trait: date, NULL where it is none."""
    return local_date(SQL("safar_time(({} -> {}), {})").format(r.traits, text(trait), r.zone), r.zone)


def say_calendar(p: Mapping[str, Any], language: str) -> str:
    """ " (Jalali)" where the calendar is stated, else nothing."""
    names: Mapping[str, Sequence[str]] = {"jalali": ("Jalali", "شمسی"), "gregorian": ("Gregorian", "میلادی")}
    words = names.get(p.get("calendar") or "")
    return f" ({choose(language, *words)})" if words else ""
