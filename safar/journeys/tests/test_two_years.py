"""Two years of every date that comes round, through all that clocks do: none doubled, none skipped.

An occasion's moments are walked as the engine walks them, from one to the next; and asked for at hours of those years, as publishing and
first events do. The quick form asks at every 97th hour, the deep one at every hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.sql import SQL, Literal

from safar.journeys.tests.cases import a_reading, point
from safar.journeys.tests.test_kind_expressions import FUNCTIONS
from safar.lib import jalali
from safar.lib.occasions import BY_KEY, usual_days
from safar.postgres.connections import connect

BEGIN, DAYS = date(2021, 3, 1), 731  # Tehran's last two summers with another time
ZONES = ["Asia/Tehran", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati", "America/New_York"]
LATER = date(2025, 4, 1)  # Tehran without summer time; the calendar of occasions begins with 1404
Case = dict[str, Any]
KINDS: list[tuple[str, Case]] = [
    ("birthday", {"calendar": "jalali"}),
    ("yearly_date", {"day": "12-30", "calendar": "jalali"}),
    ("yearly_date", {"day": "02-29", "calendar": "gregorian", "offset": "-P3D"}),
    ("yearly_date", {"day": "01-01", "calendar": "jalali"}),
    ("schedule", {"every": {"time": "02:30"}}),
    ("schedule", {"every": {"time": "00:00", "weekdays": ["sat", "wed"]}}),
    ("schedule", {"day_of_month": 31, "calendar": "jalali", "time": "00:30"}),
    ("schedule", {"day_of_month": 30, "calendar": "gregorian", "time": "23:30"}),
    ("schedule", {"occasion": "yalda", "offset": "-P3D", "time": "10:00"}),
    ("schedule", {"occasion": "eid_fitr"}),
]


@pytest.fixture(scope="module")
def session(empty_database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(empty_database_url, application_name="safar tests") as conn:
        conn.execute(FUNCTIONS.read_text(encoding="utf-8"))
        yield conn


def days_of(kind: str, params: Case, begin: date) -> list[date]:
    """On which days they are, worked out without the kinds: of the two years and a little around them."""
    span = [begin + timedelta(days=n) for n in range(-40, DAYS + 40)]
    if kind == "birthday":  # born on 30 Esfand 1370
        return [day for day in span if _is_yearly(day, 12, 30, "jalali")]
    if "day" in params:
        month, number = map(int, params["day"].split("-"))
        return [day for day in span if _is_yearly(day, month, number, params["calendar"])]
    if "occasion" in params:
        return [day for day in BY_KEY[params["occasion"]].days() if day in span]
    if "every" in params:
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        return [day for day in span if names[day.weekday()] in params["every"].get("weekdays", names)]
    return [day for day in span if _is_day(day, params["day_of_month"], params["calendar"])]


def _is_yearly(day: date, month: int, number: int, calendar: str) -> bool:
    here = jalali.to_jalali(day)[1] if calendar == "jalali" else day.month
    return here == month and _is_day(day, number, calendar)


def _is_day(day: date, number: int, calendar: str) -> bool:
    after = day + timedelta(days=1)
    here, then = (jalali.to_jalali(each)[2] if calendar == "jalali" else each.day for each in (day, after))
    return here == number or (then == 1 and here < number)


def moments_of(kind: str, params: Case, begin: date, zone: str) -> list[datetime]:
    clock = params.get("time") or params.get("every", {}).get("time") or "00:00"
    hour, minute = map(int, clock.split(":"))
    shift = 3 if params.get("offset") else 0
    found = set()
    for day in days_of(kind, params, begin):
        local = datetime.combine(day - timedelta(days=shift), time(hour, minute))
        found.add(_instant(local, ZoneInfo(zone)))
    return sorted(found)


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """As AT TIME ZONE has it: what exists twice is the later one (standard time), what does not exist is read by the time before."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    there = first.astimezone(zone).replace(tzinfo=None) == local
    return max(first, second) if there else first


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("kind", "params"), KINDS, ids=[f"{kind} {list(p.values())}" for kind, p in KINDS])
def test_every_occasion_comes_once(session: psycopg.Connection[Any], kind: str, params: Case, zone: str) -> None:
    _walk(session, kind, params, zone, step=97)


@pytest.mark.deep
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("kind", "params"), KINDS, ids=[f"{kind} {list(p.values())}" for kind, p in KINDS])
def test_every_occasion_comes_once_asked_at_every_hour(
    session: psycopg.Connection[Any], kind: str, params: Case, zone: str
) -> None:
    _walk(session, kind, params, zone, step=1)


def _walk(session: psycopg.Connection[Any], kind: str, params: Case, zone: str, *, step: int) -> None:
    start = point(kind, **params)
    begin = LATER if "occasion" in params else BEGIN
    first = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
    last = first + timedelta(days=DAYS)
    r = a_reading(zone=SQL("{}::text").format(Literal(zone)), occasions=usual_days())
    rows = SQL(
        '(SELECT \'{{"birthday": "1992-03-20"}}\'::jsonb AS traits) c CROSS JOIN LATERAL (SELECT {} AS at, NULL::jsonb AS entry) r'
    )
    number = start.kind.coming(start.params, r, included=False)
    following = start.kind.following(start.params, r, SQL("w.number"))
    query = SQL(
        "WITH RECURSIVE w AS (SELECT n.number, {moment} AS moment FROM {first} CROSS JOIN LATERAL (SELECT {number} AS number OFFSET 0) n"
        " UNION ALL SELECT n.number, {moment} FROM w CROSS JOIN {onward} CROSS JOIN LATERAL (SELECT {following} AS number OFFSET 0) n"
        " WHERE w.moment < {last}) SELECT moment FROM w WHERE moment < {last}"
    ).format(
        number=number,
        following=following,
        moment=start.kind.moment(start.params, r, SQL("n.number")),
        first=rows.format(Literal(first)),
        onward=rows.format(SQL("w.moment")),
        last=Literal(last),
    )
    walked = [moment.astimezone(UTC) for (moment,) in session.execute(query)]
    expected = [moment for moment in moments_of(kind, params, begin, zone) if first < moment < last]
    assert walked == expected
    assert walked, "two years without an occasion prove nothing"
    asked = SQL(
        "SELECT r.at, {moment} FROM generate_series({first}, {until}, {step}::interval) AS h (at) CROSS JOIN {rows}"
        " CROSS JOIN LATERAL (SELECT {number} AS number OFFSET 0) n"
    ).format(
        moment=start.kind.moment(start.params, r, SQL("n.number")),
        first=Literal(first),
        until=Literal(expected[-1] - timedelta(microseconds=1)),
        step=Literal(f"{step} hours"),
        rows=rows.format(SQL("h.at")),
        number=number,
    )
    for at, moment in session.execute(asked):
        assert moment == next(each for each in expected if each > at), at
