"""Durations are read, added and written; each rule of docs/journeys.md on them has its line here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safar.lib.durations import Duration, parse_duration

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "months", "days", "exact", "again"),
    [
        ("P3D", 0, 3, timedelta(), "P3D"),
        ("P2W", 0, 14, timedelta(), "P14D"),
        ("P1Y2M", 14, 0, timedelta(), "P1Y2M"),
        ("P14M", 14, 0, timedelta(), "P1Y2M"),
        ("PT36H", 0, 0, 36 * HOUR, "PT36H"),
        ("PT90M", 0, 0, 1.5 * HOUR, "PT1H30M"),
        ("PT0.5S", 0, 0, timedelta(milliseconds=500), "PT0.5S"),
        ("PT0,25S", 0, 0, timedelta(milliseconds=250), "PT0.25S"),
        ("PT0S", 0, 0, timedelta(), "PT0S"),
        ("P0D", 0, 0, timedelta(), "PT0S"),
        ("-P7D", 0, -7, timedelta(), "-P7D"),
        ("-P1M2DT3H", -1, -2, -3 * HOUR, "-P1M2DT3H"),
        ("-PT0.000001S", 0, 0, -timedelta(microseconds=1), "-PT0.000001S"),
        ("+P1Y1M1W1DT1H1M1S", 13, 8, HOUR + timedelta(seconds=61), "P1Y1M8DT1H1M1S"),
    ],
)
def test_iso_there_and_back(text: str, months: int, days: int, exact: timedelta, again: str) -> None:
    duration = parse_duration(text)
    assert duration == Duration(months, days, exact)
    assert str(duration) == again
    assert parse_duration(again) == duration


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "3D", "P3", "p3d", "P1H", "PT1D", "P-3D", "P3D ", " P3D", "P1.5D", "PT1.5H", "P۳D", "P1D1M",
     "PT1S1M", "--P1D", "PT0.1234567S", "P1D\n", "P2000Y", "PT99999999999999999999S", "-P400000D", "forever"],
)  # fmt: skip
def test_what_is_no_duration_is_refused_with_words(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


def test_the_sign_goes_for_all_parts() -> None:
    with pytest.raises(ValueError, match="sign"):
        Duration(1, -1)


TEHRAN, NEW_YORK, LONDON = "Asia/Tehran", "America/New_York", "Europe/London"


@pytest.mark.parametrize(
    ("at", "duration", "zone", "calendar", "expected"),
    [
        # A day past the month's end is its last; days come after months.
        ("2027-01-31T12:00Z", "P1M", "UTC", "gregorian", "2027-02-28T12:00Z"),
        ("2028-02-29T12:00Z", "P1Y", "UTC", "gregorian", "2029-02-28T12:00Z"),
        ("2027-01-31T12:00Z", "P1M1D", "UTC", "gregorian", "2027-03-01T12:00Z"),
        ("2027-03-31T12:00Z", "-P1M1D", "UTC", "gregorian", "2027-02-27T12:00Z"),
        # 31 Farvardin 1406 + 1 month = 31 Ordibehesht; 31 Shahrivar + 1 = 30 Mehr; 30 Esfand 1403 + 1 year = 29 Esfand 1404.
        ("2027-04-20T12:00Z", "P1M", TEHRAN, "jalali", "2027-05-21T12:00Z"),
        ("2027-09-22T12:00Z", "P1M", TEHRAN, "jalali", "2027-10-22T12:00Z"),
        ("2025-03-20T12:00Z", "P1Y", TEHRAN, "jalali", "2026-03-20T12:00Z"),
        ("2025-03-20T12:00Z", "P1Y", TEHRAN, "gregorian", "2026-03-20T12:00Z"),
        # The month is that of the local date: 20:30 UTC is midnight in Tehran.
        ("2027-03-20T20:30Z", "P1M", TEHRAN, "jalali", "2027-04-20T20:30Z"),
        # Clocks forward: 02:30 does not exist, the offset before the leap counts. Clocks back: the later 01:30.
        ("2026-03-07T02:30-05:00", "P1D", NEW_YORK, "gregorian", "2026-03-08T07:30Z"),
        ("2026-10-31T01:30-04:00", "P1D", NEW_YORK, "gregorian", "2026-11-01T06:30Z"),
        # A calendar part of zero leaves the instant alone, also where its local time comes twice.
        ("2026-11-01T01:30-04:00", "PT0S", NEW_YORK, "gregorian", "2026-11-01T05:30Z"),
        ("2026-11-01T01:30-04:00", "PT1H", NEW_YORK, "gregorian", "2026-11-01T06:30Z"),
        ("2026-03-28T12:00Z", "P1D", LONDON, "gregorian", "2026-03-29T11:00Z"),
        ("2026-03-28T12:00Z", "PT24H", LONDON, "gregorian", "2026-03-29T12:00Z"),
    ],
)
def test_adding(at: str, duration: str, zone: str, calendar: str, expected: str) -> None:
    found = parse_duration(duration).add(datetime.fromisoformat(at), zone, calendar)
    assert (found, found.tzinfo) == (datetime.fromisoformat(expected), UTC)


def test_an_unknown_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="calendar"):
        Duration(months=1).add(datetime.now(UTC), "UTC", "martian")


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.builds(Duration, st.integers(0, 500), st.integers(0, 3000), st.timedeltas(timedelta(), timedelta(days=90))),
    st.sampled_from([TEHRAN, NEW_YORK, LONDON, "Pacific/Apia", "Australia/Lord_Howe"]),
    st.sampled_from(["gregorian", "jalali"]),
)
def test_nothing_goes_further_than_at_most(at: datetime, duration: Duration, zone: str, calendar: str) -> None:
    """The bound that lets old partitions be left alone is a bound."""
    assert abs(duration.add(at, zone, calendar) - at) <= duration.at_most
    assert parse_duration(str(duration)) == duration
