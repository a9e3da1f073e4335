"""The Jalali calendar against the official tables, durations, and the YAML reader."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from .. import durations, jalali, yaml12

SHARED = Path(os.environ.get("SAFAR_SHARED_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
TABLE = SHARED / "jalali" / "official_leap_years.txt"


def test_first_days_and_leap_years_known_by_heart() -> None:
    known = {1206: "1827-03-22", 1210: "1831-03-21", 1300: "1921-03-21", 1399: "2020-03-20", 1403: "2024-03-20"}
    assert {year: jalali.to_gregorian(year, 1, 1).isoformat() for year in known} == known
    assert [year for year in range(1395, 1410) if jalali.is_leap(year)] == [1395, 1399, 1403, 1408]
    assert jalali.to_gregorian(1403, 12, 30) == date(2025, 3, 20)


def test_every_day_goes_there_and_back() -> None:
    day, last = date(1827, 3, 22), jalali.to_gregorian(1498, 12, 29)
    while day <= last:
        year, month, number = jalali.from_gregorian(day)
        assert 1 <= number <= jalali.month_length(year, month)
        assert jalali.to_gregorian(year, month, number) == day
        day += timedelta(days=13)


@pytest.mark.skipif(not TABLE.exists(), reason="the official table lies beside the checkout")
def test_the_official_table() -> None:
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            year, first_day = line.split()
            assert jalali.to_gregorian(int(year.rstrip("*")), 1, 1).isoformat() == first_day
            assert jalali.is_leap(int(year.rstrip("*"))) == year.endswith("*")


@pytest.mark.parametrize(
    ("instant", "duration", "zone", "calendar", "expected"),
    [
        ("2026-01-31T12:00:00Z", "P1M", "UTC", "gregorian", "2026-02-28T12:00:00Z"),
        ("2024-01-31T12:00:00Z", "P1M", "UTC", "gregorian", "2024-02-29T12:00:00Z"),
        ("2024-02-29T12:00:00Z", "P1Y", "UTC", "gregorian", "2025-02-28T12:00:00Z"),
        ("2026-03-31T12:00:00Z", "-P1M", "UTC", "gregorian", "2026-02-28T12:00:00Z"),
        ("2026-01-31T12:00:00Z", "P1M1D", "UTC", "gregorian", "2026-03-01T12:00:00Z"),  # months first, then days
        ("2026-01-30T23:00:00Z", "P1MT2H", "UTC", "gregorian", "2026-03-01T01:00:00Z"),  # the exact part last
        ("2026-05-22T12:00:00Z", "-P1M1DT1H", "UTC", "gregorian", "2026-04-21T11:00:00Z"),  # the sign goes for all
        ("2026-12-15T12:00:00Z", "P1M", "UTC", "gregorian", "2027-01-15T12:00:00Z"),
        ("2026-11-30T12:00:00Z", "P1M", "UTC", "gregorian", "2026-12-30T12:00:00Z"),
        # 31 Shahrivar 1405 = 22 September 2026; 30 Mehr = 22 October
        ("2026-09-22T12:00:00Z", "P1M", "UTC", "jalali", "2026-10-22T12:00:00Z"),
        # 30 Esfand 1403 = 20 March 2025; 29 Esfand 1404 = 20 March 2026
        ("2025-03-20T12:00:00Z", "P1Y", "UTC", "jalali", "2026-03-20T12:00:00Z"),
        # 31 Farvardin 1405 = 20 April 2026; 31 Ordibehesht = 21 May
        ("2026-04-20T12:00:00Z", "P1M", "UTC", "jalali", "2026-05-21T12:00:00Z"),
        ("2026-04-20T12:00:00Z", "P2W", "UTC", "jalali", "2026-05-04T12:00:00Z"),
        # the wall clock of Berlin: 12:00 stays 12:00 over the change, 24 hours do not
        ("2026-03-28T11:00:00Z", "P1D", "Europe/Berlin", "gregorian", "2026-03-29T10:00:00Z"),
        ("2026-03-28T11:00:00Z", "PT24H", "Europe/Berlin", "gregorian", "2026-03-29T11:00:00Z"),
        # 02:30 does not exist on 29 March 2026 in Berlin: read with the offset before, 01:30Z
        ("2026-03-28T01:30:00Z", "P1D", "Europe/Berlin", "gregorian", "2026-03-29T01:30:00Z"),
        # 02:30 exists twice on 25 October 2026: the later one, 01:30Z
        ("2026-10-24T00:30:00Z", "P1D", "Europe/Berlin", "gregorian", "2026-10-25T01:30:00Z"),
        # a calendar part of zero leaves the instant alone: the first 02:30 stays the first
        ("2026-10-25T00:30:00Z", "P0D", "Europe/Berlin", "gregorian", "2026-10-25T00:30:00Z"),
        ("2026-10-25T00:30:00Z", "PT0S", "Europe/Berlin", "gregorian", "2026-10-25T00:30:00Z"),
    ],
)
def test_durations(instant: str, duration: str, zone: str, calendar: str, expected: str) -> None:
    start = durations.read_instant(instant)
    assert start is not None
    assert durations.add(start, duration, zone, calendar) == durations.read_instant(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02", "2026-01-01T20:30:00Z"),
        ("2026-01-02T10:00", "2026-01-02T06:30:00Z"),
        ("2026-01-02 10:00:30.5", "2026-01-02T06:30:30.5Z"),
        ("2026-01-02T10:00:00Z", "2026-01-02T10:00:00Z"),
        ("2026-01-02T10:00:00+01:30", "2026-01-02T08:30:00Z"),
        ("2026-01-02T10:00:00-0530", "2026-01-02T15:30:00Z"),
        ("2026-02-30", None),
        ("2026-01-02T25:00", None),
        ("2026-W01", None),
        (20260102, None),
        (None, None),
    ],
)
def test_moments_in_tehran(text: object, expected: str | None) -> None:
    assert durations.read_moment(text, "Asia/Tehran") == durations.read_instant(expected)


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "1D", "P1.5D", "P-1D", "PT1D", "one day"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        durations.parse_duration(text)


def test_yaml_core() -> None:
    assert yaml12.load("{yes: no, on: off, y: n}") == {"yes": "no", "on": "off", "y": "n"}
    assert yaml12.load("[2026-01-01, 12:30, 010, 0o10, 1e3, .5, true, null, ~, +7]") == [
        *["2026-01-01", "12:30", 10, 8, 1000.0, 0.5, True, None, None, 7]
    ]
    with pytest.raises(yaml.YAMLError, match="duplicate key"):
        yaml12.load("{a: 1, a: 2}")
