"""The Jalali (Solar Hijri) calendar by its 33-year cycle.

The rule agrees with the official table for every year from 1206 to 1498 (tests/test_jalali.py), and is exact integer
arithmetic, so that PostgreSQL counts the same way (safar/postgres/functions.sql). Years before 1 are 0, -1, …
"""

from __future__ import annotations

from datetime import date, timedelta

EPOCH = date(622, 3, 21)  # 1 Farvardin 1, proleptic Gregorian
CYCLE_DAYS = 12_053  # 33 years, 8 of them leap


def is_leap(year: int) -> bool:
    """Whether Esfand of that year has 30 days."""
    return (25 * year + 11) % 33 < 8


def month_length(year: int, month: int) -> int:
    """Days in a month. ValueError for a month outside 1 to 12."""
    if not 1 <= month <= 12:
        raise ValueError(f"a year has months 1 to 12, not {month}")
    if month <= 6:
        return 31
    return 30 if month <= 11 or is_leap(year) else 29


def from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian date. ValueError for a day that the month does not have; OverflowError outside years 1 to 9999."""
    length = month_length(year, month)
    if not 1 <= day <= length:
        raise ValueError(f"month {month} of {year} has days 1 to {length}, not {day}")
    return EPOCH + timedelta(days=_days_before_year(year) + _days_before_month(month) + day - 1)


def to_jalali(day: date) -> tuple[int, int, int]:
    """(year, month, day)."""
    days = (date(day.year, day.month, day.day) - EPOCH).days
    year = 1 + (33 * days + 3) // CYCLE_DAYS
    rest = days - _days_before_year(year)
    month = 1 + (rest // 31 if rest < 186 else (rest - 6) // 30)
    return year, month, rest - _days_before_month(month) + 1


def add_months(day: date, months: int) -> date:
    """The same day `months` Jalali months on; a day past the month's end is its last. OverflowError as above."""
    year, month, dom = to_jalali(day)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    return from_jalali(year, month + 1, min(dom, month_length(year, month + 1)))


def _days_before_year(year: int) -> int:
    return 365 * (year - 1) + (8 * year + 21) // 33


def _days_before_month(month: int) -> int:
    return (month - 1) * 31 if month <= 7 else (month - 1) * 30 + 6
