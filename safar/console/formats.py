"""How a page writes figures: by the workspace's calendar, zone and money, in the digits and words of the page's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safar.accounts.models import Workspace
from safar.accounts.weeks import DAYS, usual_week
from safar.content import calendar
from safar.content.filters import PERSIAN_DIGITS, RIALS, UNITS, as_decimal, write_number
from safar.lib.jalali import from_jalali, to_jalali
from safar.lib.text import fold_digits

NOTHING = "–"
_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")
_YEAR_ONE = 1000
_NO_JALALI_AFTER = (
    1600  # a typed year up to here is Jalali, whatever the calendar: nobody schedules for the year 1405 AD
)


@dataclass(frozen=True)
class Formats:
    """language: fa or en, of the page; the rest is the workspace's. Nothing here asks the clock but `ago`'s default."""

    language: str = "en"
    calendar: str = "gregorian"
    zone: str = "UTC"
    currency: str = ""
    unit: str = ""
    week_start: str = ""  # sat, sun, mon; empty: as the calendar has it
    weekend: tuple[str, ...] = ()

    @classmethod
    def of(cls, workspace: Workspace, language: str) -> Formats:
        """language: a locale such as fa-IR."""
        tongue = "fa" if language.startswith("fa") else "en"
        return cls(
            tongue,
            workspace.calendar,
            workspace.zone,
            workspace.currency,
            workspace.currency_unit,
            workspace.week_start,
            tuple(workspace.weekend),
        )

    @property
    def persian(self) -> bool:
        return self.language == "fa"

    @property
    def jalali(self) -> bool:
        return self.calendar == "jalali"

    def digits(self, text: object) -> str:
        """Any text with its digits in the page's script."""
        return str(text).translate(PERSIAN_DIGITS) if self.persian else str(text)

    # -- numbers and money

    def number(self, value: object, places: int | None = None) -> str:
        """1,234.5 or ۱٬۲۳۴٫۵; a dash for nothing, and for what is no number."""
        number = as_decimal(value)
        return NOTHING if number is None else write_number(number, places, persian=self.persian)

    def percent(self, share: object, places: int = 1) -> str:
        """A share (0 to 1) as 12.5% or ۱۲٫۵٪; whole ones without the zero."""
        number = as_decimal(share)
        if number is None:
            return NOTHING
        rounded = round(number * 100, places)
        shown = write_number(rounded.normalize() if rounded else Decimal(0), None, persian=self.persian)
        return f"{shown}{'٪' if self.persian else '%'}"

    def money(self, amount: object) -> str:
        """An amount in the workspace's currency, in the unit it shows money in: ۱۲۰٬۰۰۰ تومان, 12.50 EUR."""
        number = as_decimal(amount)
        if number is None:
            return NOTHING
        places = 1 if self._rials else 2
        number = self.in_unit(number)
        shown = write_number(number, None if number == number.to_integral_value() else places, persian=self.persian)
        return f"{shown} {self.unit_name}".strip()

    @property
    def unit_name(self) -> str:
        """Of the unit money is shown in: تومان, EUR."""
        return UNITS[self.unit][self.persian] if self.unit in UNITS else self.unit

    def in_unit(self, amount: Decimal) -> Decimal:
        """An amount in the workspace's currency, in the unit it shows money in."""
        return amount * RIALS[self.currency] / RIALS[self.unit] if self._rials else amount

    def from_unit(self, amount: Decimal) -> Decimal:
        """An amount as it was typed, in the workspace's currency."""
        return amount * RIALS[self.unit] / RIALS[self.currency] if self._rials else amount

    @property
    def _rials(self) -> bool:
        return self.currency in RIALS and self.unit in RIALS

    # -- times

    def local(self, moment: datetime) -> datetime:
        """The moment in the workspace's zone; one without a zone is taken for UTC."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZoneInfo(self.zone))

    def write(self, moment: date, form: str) -> str:
        """By directives of ``safar.content.calendar.write``. A datetime is brought into the workspace's zone before."""
        local = self.local(moment) if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)
        return self.digits(calendar.write(local, form, jalali=self.jalali, language=self.language))

    def day(self, moment: date | None) -> str:
        """22 November 2026, ۱ آذر ۱۴۰۵."""
        return NOTHING if moment is None else self.write(moment, "%-d %B %Y")

    def moment(self, moment: datetime | None) -> str:
        """22 November 2026, 14:05 — to the minute, in the workspace's zone."""
        return NOTHING if moment is None else self.write(moment, "%-d %B %Y، %R" if self.persian else "%-d %B %Y, %R")

    def iso(self, moment: date) -> str:
        """For ``<time datetime>``: always Gregorian, always ASCII."""
        return self.local(moment).isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()

    def ago(self, moment: datetime | None, now: datetime | None = None) -> str:
        """5 minutes ago, in 3 hours; from 30 days on the day itself."""
        if moment is None:
            return NOTHING
        passed = (now or datetime.now(UTC)) - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        if abs(passed) >= timedelta(days=30):
            return self.day(moment)
        if abs(passed) < timedelta(seconds=45):
            return _("just now")
        span = self.span(abs(passed))
        return _("%(span)s ago") % {"span": span} if passed > timedelta() else _("in %(span)s") % {"span": span}

    def span(self, span: timedelta | float | None) -> str:
        """A length of time in its largest unit: 40 seconds, 3 hours, 12 days. A number is seconds."""
        if span is None:
            return NOTHING
        seconds = round(span.total_seconds() if isinstance(span, timedelta) else span)
        if seconds < 60:
            said, n = ngettext("%(n)s second", "%(n)s seconds", seconds), seconds
        elif seconds < 3600:
            n = round(seconds / 60)
            said = ngettext("%(n)s minute", "%(n)s minutes", n)
        elif seconds < 86_400:
            n = round(seconds / 3600)
            said = ngettext("%(n)s hour", "%(n)s hours", n)
        else:
            n = round(seconds / 86_400)
            said = ngettext("%(n)s day", "%(n)s days", n)
        return said % {"n": self.number(n)}

    # -- weeks

    @property
    def first_weekday(self) -> int:
        """As datetime.weekday counts: Monday is 0, Saturday 5."""
        return DAYS.index(self.week_start or usual_week(self.calendar).start)

    @property
    def weekend_days(self) -> tuple[int, ...]:
        """As datetime.weekday counts them."""
        return tuple(DAYS.index(day) for day in self.weekend)

    def weekdays(self) -> list[tuple[int, str]]:
        """(number, name) of the seven days, in the order of the page's week."""
        days = [(self.first_weekday + n) % 7 for n in range(7)]
        return [(day, calendar.DAYS[self.language][day]) for day in days]

    def start_of_day(self, moment: datetime) -> datetime:
        """Midnight before it in the workspace's zone."""
        return self.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)

    # -- typed dates

    def as_typed(self, day: date | None) -> str:
        """A date as it stands in an input: 2026-11-22, ۱۴۰۵/۰۹/۰۱."""
        return "" if day is None else self.write(day, "%Y/%m/%d" if self.jalali else "%Y-%m-%d")

    def read_day(self, text: str) -> date | None:
        """A typed date: either calendar, either digits, day or year first; None for an empty text.

        A year up to 1600 is Jalali, a later one Gregorian, whatever the workspace's calendar. Raises ValueError for what
        is no date.
        """
        typed = fold_digits(text).strip()
        if not typed:
            return None
        found = _DATE.fullmatch(typed)
        if found is None:
            raise ValueError(f"{text!r} is no date")
        year, month, day = (int(part) for part in found.groups())
        if len(found[3]) == 4:  # 22.11.2026
            year, day = day, year
        elif len(found[1]) != 4:
            raise ValueError(f"{text!r} has no year of four digits")
        if year < _YEAR_ONE:
            raise ValueError(f"{text!r} is too long ago")
        return from_jalali(year, month, day) if year <= _NO_JALALI_AFTER else date(year, month, day)

    def parts(self, day: date) -> tuple[int, int, int]:
        """(year, month, day) in the workspace's calendar."""
        return to_jalali(day) if self.jalali else (day.year, day.month, day.day)
