"""safar_add and Duration.add are one thing written twice: 3,000 cases in one query, many of them at the leaps of a clock."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from safar.lib.durations import Duration
from safar.lib.sqlfile import load_sql

# Clocks that go forward and back by an hour, by half an hour (Lord Howe) and by two (Troll), at midnight (Havana), in winter
# (Dublin, Casablanca), that skipped a day (Apia), or stand still.
ZONES = [
    "Asia/Tehran", "Europe/London", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Antarctica/Troll",
    "America/Havana", "Europe/Dublin", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "UTC",
]  # fmt: skip
CASES = 3000

QUERY = """
SELECT safar_add(at, months, days, exact, zone, calendar)
FROM unnest(%s::timestamptz[], %s::int[], %s::int[], %s::interval[], %s::text[], %s::text[])
    WITH ORDINALITY AS t (at, months, days, exact, zone, calendar, n) ORDER BY n
"""


def leaps(zone: str) -> list[datetime]:
    """The moments (UTC) between 1990 and 2024 at which a zone's clock leaps, to the second."""
    info = ZoneInfo(zone)
    found: list[datetime] = []
    day = datetime(1990, 1, 1, tzinfo=UTC)
    while day.year < 2024:
        following = day + timedelta(days=1)
        if day.astimezone(info).utcoffset() != following.astimezone(info).utcoffset():
            low, high = day, following
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                same = middle.astimezone(info).utcoffset() == low.astimezone(info).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high.replace(microsecond=0))
        day = following
    return found


def cases(seed: int) -> Iterator[tuple[datetime, Duration, str, str]]:
    chance = random.Random(seed)
    known = {zone: leaps(zone) for zone in ZONES}
    for _ in range(CASES):
        zone = chance.choice(ZONES)
        months = chance.choice([0, 0, 1, 6, 12, chance.randrange(40)])
        days = chance.choice([0, 1, 7, chance.randrange(800)])
        exact = timedelta(microseconds=chance.choice([0, 0, 3_600_000_000, chance.randrange(10**12)]))
        sign = chance.choice([1, -1])
        leap = bool(known[zone]) and chance.random() < 0.7
        months = months if not leap or chance.random() < 0.2 else 0
        duration = Duration(sign * months, sign * days, sign * exact)
        if leap:
            # So that the local time it leads to lies about the leap, often inside the hour that is missing or comes twice.
            near = chance.choice(known[zone]) + timedelta(minutes=chance.randint(-90, 90))
            at = (near.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - sign * timedelta(days=days)).replace(
                tzinfo=ZoneInfo(zone)
            )
        else:
            at = datetime(1980, 1, 1, tzinfo=UTC) + timedelta(microseconds=chance.randrange(42 * 365 * 86400 * 10**6))
        yield at.astimezone(UTC), duration, zone, chance.choice(["gregorian", "jalali"])


@pytest.mark.parametrize("seed", [7, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(100, 140))])
def test_sql_adds_as_python_does(empty_database_url: str, seed: int) -> None:
    tried = list(cases(seed))
    expected = [duration.add(at, zone, calendar) for at, duration, zone, calendar in tried]
    with psycopg.connect(empty_database_url) as conn:
        conn.execute(load_sql("safar.postgres", "functions"))
        conn.execute("SET TimeZone TO 'America/New_York'")  # the session's zone takes no part
        columns = [
            [at for at, *_ in tried],
            [d.months for _, d, *_ in tried],
            [d.days for _, d, *_ in tried],
            [d.exact for _, d, *_ in tried],
            [zone for *_, zone, _ in tried],
            [calendar for *_, calendar in tried],
        ]
        found = [row[0].astimezone(UTC) for row in conn.execute(QUERY, columns).fetchall()]
    wrong = [(*case, want, got) for case, want, got in zip(tried, expected, found, strict=True) if want != got]
    assert wrong == []


def test_enough_cases_lie_in_a_leap() -> None:
    """Else the test above would prove nothing about gaps and overlaps."""
    unclear = 0
    for at, duration, zone, calendar in cases(7):
        calendar_only = Duration(duration.months, duration.days)
        local = calendar_only.add(at, zone, calendar).astimezone(ZoneInfo(zone))
        wall = at.astimezone(ZoneInfo(zone)).time().replace(fold=0)
        unclear += calendar_only.calendar_part and (local.fold == 1 or local.time().replace(fold=0) != wall)
    assert unclear > 150
