"""Days of occasions against printed calendars."""

from __future__ import annotations

from datetime import date

import pytest

from safar.lib import jalali
from safar.lib.occasions import BY_KEY, FIRST, LAST, LUNAR, OCCASIONS, easter, last_tuesday, nth_weekday, usual_days


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("nowruz", ["2026-03-21", "2027-03-21"]),
        ("sizdah_bedar", ["2026-04-02"]),
        ("yalda", ["2025-12-21", "2026-12-21", "2027-12-21"]),
        ("chaharshanbe_suri", ["2026-03-17", "2027-03-16"]),
        ("black_friday", ["2025-11-28", "2026-11-27", "2027-11-26"]),
        ("cyber_monday", ["2026-11-30"]),
        ("mothers_day_may", ["2026-05-10", "2027-05-09"]),
        ("fathers_day_june", ["2026-06-21"]),
        ("easter", ["2026-04-05", "2027-03-28", "2028-04-16"]),
        ("mothers_day", ["2025-12-11"]),
        ("ashura", ["2025-07-06"]),
        ("eid_fitr", ["2025-03-31", "2026-03-21", "2027-03-10"]),
    ],
)
def test_a_day_is_where_calendars_have_it(key: str, days: list[str]) -> None:
    assert {date.fromisoformat(day) for day in days} <= set(BY_KEY[key].days())


def test_every_occasion_has_days_in_order_and_none_twice() -> None:
    for key, days in usual_days().items():
        assert list(days) == sorted(set(days)), key
        assert all(FIRST <= jalali.to_jalali(day)[0] <= LAST for day in days), key
        assert len(days) >= (4 if BY_KEY[key].to_be_confirmed else LAST - FIRST), key
    assert len(BY_KEY) == len(OCCASIONS)


LUNAR_DAYS = {
    "ramadan_begins": (9, 1), "ali_martyrdom": (9, 21), "eid_fitr": (10, 1), "girls_day": (11, 1), "eid_qurban": (12, 10), "eid_ghadir": (12, 18),
    "tasua": (1, 9), "ashura": (1, 10), "arbaeen": (2, 20), "prophet_death": (2, 28), "prophet_birthday": (3, 17), "fatimiyya": (6, 3),
    "mothers_day": (6, 20), "fathers_day": (7, 13), "mabath": (7, 27), "mid_shaban": (8, 15),
}  # fmt: skip


def reckoned(year: int, month: int, day: int) -> date:
    """A day of the arithmetical lunar calendar: months of 30 and 29 days, eleven leap years in thirty."""
    number = day + 29 * (month - 1) + month // 2 + 354 * (year - 1) + (3 + 11 * year) // 30 + 227_014
    return date.fromordinal(number)


@pytest.mark.parametrize("key", sorted(LUNAR))
def test_the_moon_moves_a_day_by_one_at_most(key: str) -> None:
    """And what is still to come stands where the arithmetic has it, but for the Eid that the printed calendar of 1405 moves."""
    expected = [reckoned(year, *LUNAR_DAYS[key]) for year in range(1445, 1453)]
    for day in BY_KEY[key].days():
        off = min(abs((day - one).days) for one in expected)
        assert off <= (1 if day <= date(2026, 3, 21) else 0), day


def test_silent_days_are_lunar() -> None:
    assert all(one.to_be_confirmed for one in OCCASIONS if one.mourning)


def test_a_leap_year_has_its_own_last_tuesday() -> None:
    assert jalali.to_jalali(last_tuesday(1403)) == (1403, 12, 28)
    assert last_tuesday(1403).weekday() == last_tuesday(1404).weekday() == 1


def test_the_last_and_the_nth_of_a_month() -> None:
    assert nth_weekday(2026, 5, 0, -1) == date(2026, 5, 25)
    assert nth_weekday(2026, 8, 5, 1) == date(2026, 8, 1)


def test_easter_in_its_extremes() -> None:
    assert (easter(1818), easter(1943), easter(2000), easter(2038)) == (
        date(1818, 3, 22),
        date(1943, 4, 25),
        date(2000, 4, 23),
        date(2038, 4, 25),
    )
