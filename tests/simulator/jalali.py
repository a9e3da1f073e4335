"""The Jalali calendar for the years 1206 to 1498, by the 33-year cycle that the official tables follow there."""

from __future__ import annotations

from datetime import date

FIRST_YEAR, LAST_YEAR = 1206, 1498
_FIRST_NOWRUZ = date(1827, 3, 22).toordinal()  # 1 Farvardin 1206


def is_leap(year: int) -> bool:
    """Eight years of each 33 have a 30 Esfand."""
    return (25 * year + 11) % 33 < 8


def _nowruz_table() -> dict[int, int]:
    table = {FIRST_YEAR: _FIRST_NOWRUZ}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        table[year + 1] = table[year] + (366 if is_leap(year) else 365)
    return table


_NOWRUZ = _nowruz_table()


def month_length(year: int, month: int) -> int:
    if month <= 6:
        return 31
    if month <= 11:
        return 30
    return 30 if is_leap(year) else 29


def to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Jalali one; KeyError outside the years of the table."""
    ordinal = _NOWRUZ[year]
    for earlier in range(1, month):
        ordinal += month_length(year, earlier)
    return date.fromordinal(ordinal + day - 1)


def from_gregorian(day: date) -> tuple[int, int, int]:
    """(year, month, day) of a Gregorian date; KeyError outside the years of the table."""
    ordinal = day.toordinal()
    year = day.year - 621
    if year not in _NOWRUZ or ordinal < _NOWRUZ[year]:
        year -= 1
    left = ordinal - _NOWRUZ[year]
    if year > LAST_YEAR:
        raise KeyError(year)
    month = 1
    while left >= month_length(year, month):
        left -= month_length(year, month)
        month += 1
    return year, month, left + 1
