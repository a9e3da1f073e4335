"""Local times that do not exist or exist twice: what PostgreSQL said, and, with a server at hand, what it says.

A server is asked where SIMULATOR_POSTGRES holds a connection string, such as
`host=/tmp/pg port=5999 user=postgres dbname=postgres`.
"""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta

import psycopg
import pytest

from .. import durations

SAID = [  # zone, local time, what PostgreSQL 15 made of it
    ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30:00Z"),  # a gap: the offset before it
    ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T01:30:00Z"),  # twice: the offset after the change
    ("Asia/Tehran", "2021-03-22T00:30", "2021-03-21T21:00:00Z"),
    ("Asia/Tehran", "2021-09-21T23:30", "2021-09-21T20:00:00Z"),
    ("Europe/Dublin", "2026-03-29T01:30", "2026-03-29T01:30:00Z"),  # where winter time is the "daylight" one
    ("Europe/Dublin", "2026-10-25T01:30", "2026-10-25T01:30:00Z"),
    ("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T02:30:00Z"),
    ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T02:30:00Z"),
    ("Europe/Moscow", "2014-10-26T01:30", "2014-10-25T22:30:00Z"),  # standard time on both sides
    ("Europe/Moscow", "2011-03-27T02:30", "2011-03-26T23:30:00Z"),
    ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00Z"),
    ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T15:15:00Z"),
    ("America/Caracas", "2016-05-01T02:45", "2016-05-01T07:15:00Z"),
    ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00:00Z"),  # a whole day that does not exist
]


@pytest.mark.parametrize(("zone", "local", "instant"), SAID)
def test_what_postgresql_said(zone: str, local: str, instant: str) -> None:
    assert durations.read_moment(local, zone) == durations.read_instant(instant)


@pytest.mark.skipif("SIMULATOR_POSTGRES" not in os.environ, reason="no server to ask")
def test_what_postgresql_says() -> None:
    dice = random.Random(1)
    asked = []
    for zone in sorted({zone for zone, _, _ in SAID} | {"America/Havana", "Asia/Gaza", "UTC", "America/New_York"}):
        day = datetime(1990, 1, 1)  # noqa: DTZ001 - a wall clock
        while day.year < 2035:
            before, after = (durations.zone_info(zone).utcoffset(day + timedelta(days=n)) for n in (0, 1))
            if before != after or dice.random() < 0.01:
                asked += [(zone, day + timedelta(minutes=dice.randint(-180, 1620))) for _ in range(20)]
            day += timedelta(days=1)
    with psycopg.connect(os.environ["SIMULATOR_POSTGRES"]) as connection:
        rows = connection.execute(
            "SELECT zone, local, local AT TIME ZONE zone FROM unnest(%s::text[], %s::timestamp[]) AS t (zone, local)",
            ([zone for zone, _ in asked], [local for _, local in asked]),
        ).fetchall()
    assert len(rows) > 1000
    assert [row for row in rows if durations.to_instant(row[1], row[0]) != row[2]] == []
