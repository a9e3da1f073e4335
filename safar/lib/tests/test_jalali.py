"""The Jalali calendar against known days, the official table, and its twin in SQL."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from safar.lib import jalali
from safar.lib.sqlfile import load_sql

# Dates that Iranian calendars of those years show.
KNOWN = [
    ((1300, 1, 1), "1921-03-21"),
    ((1342, 12, 30), "1964-03-20"),
    ((1357, 11, 22), "1979-02-11"),
    ((1375, 1, 1), "1996-03-20"),
    ((1399, 12, 30), "2021-03-20"),
    ((1400, 1, 1), "2021-03-21"),
    ((1402, 12, 29), "2024-03-19"),
    ((1403, 1, 1), "2024-03-20"),
    ((1403, 6, 31), "2024-09-21"),
    ((1403, 7, 1), "2024-09-22"),
    ((1403, 12, 30), "2025-03-20"),
    ((1404, 1, 1), "2025-03-21"),
    ((1404, 10, 11), "2026-01-01"),
    ((1408, 12, 30), "2030-03-20"),
    ((1, 1, 1), "0622-03-21"),
]
LEAP = [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412]


@pytest.mark.parametrize(("parts", "day"), KNOWN)
def test_known_days(parts: tuple[int, int, int], day: str) -> None:
    assert jalali.from_jalali(*parts) == date.fromisoformat(day)
    assert jalali.to_jalali(date.fromisoformat(day)) == parts


def test_leap_years() -> None:
    assert [year for year in range(1370, 1413) if jalali.is_leap(year)] == LEAP
    assert [jalali.month_length(1403, month) for month in range(1, 13)] == [31] * 6 + [30] * 6
    assert jalali.month_length(1404, 12) == 29


def test_every_day_comes_after_the_one_before() -> None:
    day, before = date(1, 1, 1), jalali.to_jalali(date(1, 1, 1))
    while day < date(2500, 1, 1):
        day += timedelta(days=1)
        year, month, dom = jalali.to_jalali(day)
        y, m, d = before
        last = d == jalali.month_length(y, m)
        assert (year, month, dom) == ((y + (m == 12), m % 12 + 1, 1) if last else (y, m, d + 1))
        before = year, month, dom


@pytest.mark.parametrize("parts", [(1404, 12, 30), (1404, 7, 31), (1404, 0, 1), (1404, 13, 1), (1404, 1, 0)])
def test_days_that_do_not_exist(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        jalali.from_jalali(*parts)


def test_months_end_on_the_last_day() -> None:
    assert jalali.add_months(jalali.from_jalali(1403, 6, 31), 1) == jalali.from_jalali(1403, 7, 30)
    assert jalali.add_months(jalali.from_jalali(1403, 12, 30), 12) == jalali.from_jalali(1404, 12, 29)
    assert jalali.add_months(jalali.from_jalali(1404, 1, 31), -1) == jalali.from_jalali(1403, 12, 30)


def shared_data() -> Path:
    return Path(os.environ.get("SAFAR_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")


@pytest.mark.shared
def test_the_official_table() -> None:
    path = shared_data() / "jalali" / "official_leap_years.txt"
    if not path.exists():
        pytest.skip("the official table is not here")
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(rows) == 293
    for year, first in rows:
        number = int(year.rstrip("*"))
        assert jalali.from_jalali(number, 1, 1) == date.fromisoformat(first)
        assert jalali.is_leap(number) == ("*" in year)


def test_sql_counts_the_same_way(empty_database_url: str) -> None:
    days = [date(1, 1, 1) + timedelta(days=n) for n in range(0, 3_000_000, 97)]
    days += [jalali.from_jalali(y, m, d) for y in range(1300, 1500) for m, d in ((1, 1), (12, 29), (6, 31), (7, 1))]
    with psycopg.connect(empty_database_url) as conn:
        conn.execute(load_sql("safar.postgres", "functions"))
        rows = conn.execute(
            "SELECT safar_jalali(d), safar_jalali_year(d), (j.date = d), safar_jalali_add(d::timestamp, 7)::date"
            " FROM unnest(%s::date[]) WITH ORDINALITY t (d, n), LATERAL (SELECT safar_jalali(d) AS p) x,"
            " LATERAL (SELECT safar_jalali_date(p[1], p[2], p[3]) AS date) j ORDER BY n",
            (days,),
        ).fetchall()
    for day, (parts, year, back, later) in zip(days, rows, strict=True):
        assert tuple(parts) == jalali.to_jalali(day)
        assert (year, back, later) == (parts[0], True, jalali.add_months(day, 7))
