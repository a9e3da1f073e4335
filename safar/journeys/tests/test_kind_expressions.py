"""The SQL of the kinds, as PostgreSQL reads it: over an event ``t``, a contact ``c``, facts ``f``, a clock ``r``."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.sql import SQL, Composable

import safar.postgres
from safar.journeys.definition.model import Point, Start
from safar.journeys.registry import points
from safar.journeys.tests.cases import a_reading, parsed, point
from safar.journeys.tests.starting_events import EVENTS
from safar.lib.hashing import share
from safar.postgres.connections import connect

Row = Mapping[str, Any]
FUNCTIONS = Path(safar.postgres.__file__).with_name("functions.sql")
COLUMNS = {
    "t": "name text, type text, properties jsonb, traits jsonb, ts timestamptz, created boolean, ordered boolean,"
    " tags_added text[], tags_removed text[], traits_changed jsonb, consent_changed jsonb, tokens text[], seq bigint",
    "c": "bucket smallint, id bigint, key text, traits jsonb",
    "f": "cart_value numeric, cart_at timestamptz, cart_since timestamptz, last_order timestamptz",
    "r": "at timestamptz, zone text, entry jsonb, entry_seq bigint, since_seq bigint",
}
NOTHING: Row = {}
EVENT = {"name": "Order Completed", "type": "track", "properties": {}, "created": False, "ordered": False}
CONTACT = {"bucket": 1, "id": 1, "key": "sara", "traits": {}}


@pytest.fixture(scope="module")
def session(empty_database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(empty_database_url, application_name="safar tests") as conn:
        conn.execute(FUNCTIONS.read_text(encoding="utf-8"))
        conn.execute("SET TimeZone = 'Pacific/Apia'")  # no expression may lean on the session's zone
        yield conn


def value(
    session: psycopg.Connection[Any],
    expression: Composable,
    *,
    t: Row = NOTHING,
    c: Row = NOTHING,
    f: Row = NOTHING,
    r: Row = NOTHING,
) -> Any:
    """The expression's value over one row of each."""
    rows = {"t": {**EVENT, **t}, "c": {**CONTACT, **c}, "f": f, "r": {"zone": "Asia/Tehran", **r}}
    sources = ", ".join(f"jsonb_to_record(%({name})s::jsonb) AS {name}({columns})" for name, columns in COLUMNS.items())
    query = SQL("SELECT {} FROM ").format(expression).as_string(session) + sources
    found = session.execute(query, {name: json.dumps(row) for name, row in rows.items()}).fetchone()
    assert found is not None
    return found[0]


def matches(session: psycopg.Connection[Any], start: Start | Point, **event: Any) -> bool:
    found = value(session, start.kind.matches(start.params, a_reading()), t=event)
    assert isinstance(found, bool)
    return found


def entry(session: psycopg.Connection[Any], start: Start | Point, **rows: Any) -> Any:
    return value(session, start.kind.entry(start.params, a_reading()), **rows)


# --- starting points that are events


@pytest.mark.parametrize(("kind", "params", "yes", "no"), EVENTS)
def test_what_an_event_start_matches(
    session: psycopg.Connection[Any], kind: str, params: Row, yes: Row, no: Row
) -> None:
    start = point(kind, **params)
    assert matches(session, start, **yes)
    assert not matches(session, start, **no)


def test_what_an_event_start_enters_with(session: psycopg.Connection[Any]) -> None:
    order = {"properties": {"total": 5}}
    assert entry(session, point("ordered"), t=order) == {"total": 5}
    assert entry(session, point("signed_up_email"), t=order) == {"total": 5}
    assert entry(session, point("event", event="x"), t=order) == {"total": 5}
    assert entry(session, point("added_by_hand"), t={"properties": {"journey": "small"}}) == {"journey": "small"}
    assert entry(session, point("tag_added", tag="50% «'x'»")) == {"tag": "50% «'x'»"}
    assert entry(session, point("tag_removed", tag="vip")) == {"tag": "vip"}
    assert entry(session, point("segment_left", segment="big-spenders")) == {"segment": "big-spenders"}
    changed = {"traits_changed": {"city": [None, "Tehran"], "x": [1, 2]}}
    assert entry(session, point("trait_changed", trait="city"), t=changed) == {
        "trait": "city", "from": None, "to": "Tehran",
    }  # fmt: skip


def test_a_new_contact_enters_with_what_the_first_event_said(session: psycopg.Connection[Any]) -> None:
    start = point("contact_created")
    said = {"properties": {"p": 1}, "traits": {"name": "Sara"}}
    assert entry(session, start, t={**said, "type": "identify"}) == {"name": "Sara"}
    assert entry(session, start, t={"type": "identify"}) == {}
    assert entry(session, start, t={**said, "type": "edit"}) == {}
    assert entry(session, start, t={**said, "type": "page"}) == {"p": 1}


# --- starting points that are states


def test_a_cart_is_abandoned_after_its_last_change(session: psycopg.Connection[Any]) -> None:
    start = point("cart_abandoned", after="PT1H")
    kind, params, r = start.kind, start.params, a_reading()
    cart = {
        "cart_value": 250000.50,
        "cart_at": "2026-03-01T10:00:00.25Z",
        "cart_since": "2026-03-01T09:00:00+03:30",
        "last_order": None,
    }
    due = value(session, kind.due(params, r), f=cart)
    assert due == datetime(2026, 3, 1, 11, 0, 0, 250000, UTC)
    assert value(session, kind.mark(params, r), f=cart) == "2026-03-01T10:00:00.250000Z"
    assert entry(session, start, f=cart) == {"cart_value": 250000.5, "cart_since": "2026-03-01T05:30:00.000000Z"}
    for empty in ({**cart, "cart_value": 0}, {}):
        assert value(session, kind.due(params, r), f=empty) is None


def test_who_lapses_has_bought_before(session: psycopg.Connection[Any]) -> None:
    start = point("lapsed", after="P1M")
    kind, params = start.kind, start.params
    bought = {"last_order": "2026-01-31T08:00:00Z"}
    assert value(session, kind.due(params, a_reading()), f=bought) == datetime(2026, 2, 28, 8, tzinfo=UTC)
    # 11 Bahman 1404 and a month: 11 Esfand.
    jalali = value(session, kind.due(params, a_reading(calendar="jalali")), f=bought)
    assert jalali == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert value(session, kind.due(params, a_reading())) is None
    assert entry(session, start, f=bought) == {"cart_value": 0, "last_order": "2026-01-31T08:00:00.000000Z"}


def test_a_date_is_reached_in_the_contacts_zone(session: psycopg.Connection[Any]) -> None:
    start = point("date_reached", trait="renewal", offset="-P7D")
    kind, params, r = start.kind, start.params, a_reading()
    contact = {"traits": {"renewal": "2026-03-10"}}
    due = kind.due(params, r)
    assert value(session, due, c=contact) == datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
    assert value(session, due, c=contact, r={"zone": "UTC"}) == datetime(2026, 3, 3, tzinfo=UTC)
    for none in ({}, {"traits": {"renewal": 20260310}}, {"traits": {"renewal": "soon"}}):
        assert value(session, due, c=none) is None
    assert value(session, kind.mark(params, r), c=contact) == '"2026-03-10"'
    assert entry(session, start, c=contact) == {"trait": "renewal", "date": "2026-03-10"}


def test_a_yearly_day_is_counted_by_its_year(session: psycopg.Connection[Any]) -> None:
    start = point("birthday", calendar="jalali", offset="-P1D")
    kind, params, r = start.kind, start.params, a_reading()
    contact = {"traits": {"birthday": "1992-03-20"}}  # 30 Esfand 1370
    at = {"at": "2025-03-18T20:30:00Z"}  # a day before 30 Esfand 1403 begins in Tehran
    for included, year in ((True, 1403), (False, 1404)):
        coming = kind.coming(params, r, included=included)
        assert value(session, coming, c=contact, r=at) == year
        assert value(session, coming, c={"traits": {"birthday": "soon"}}, r=at) is None
    assert value(session, kind.due(params, r), c=contact, r=at) == datetime(2025, 3, 18, 20, 30, tzinfo=UTC)
    assert value(session, kind.mark(params, r), c=contact, r=at) == "1403"
    assert entry(session, start, c=contact, r=at) == {"trait": "birthday", "date": "2025-03-20"}
    fixed = point("yearly_date", day="02-30")
    for calendar, day in (("gregorian", "2026-02-28"), ("jalali", "2025-05-20")):
        expression = fixed.kind.entry(fixed.params, a_reading(calendar=calendar))
        assert value(session, expression, r={"at": "2026-03-01T00:00:00Z"}) == {"date": day}


# --- rules


def wake(session: psycopg.Connection[Any], params: Row, at: str, zone: str = "Asia/Tehran", **contact: Any) -> Any:
    delay = parsed(points()["delay"], params)
    expression = delay.kind.wake_at(delay.params, a_reading())
    found = value(session, expression, r={"at": at, "zone": zone}, c={"traits": contact})
    return None if found is None else found.astimezone(ZoneInfo(zone)).isoformat()


DELAYS = [
    # 2026-03-01 is a Sunday. Tehran is 3:30 ahead of UTC.
    ({"for": "PT2H"}, "2026-03-01T08:00:00Z", "2026-03-01T13:30:00+03:30"),
    ({"for": "P3D"}, "2026-03-01T08:00:00Z", "2026-03-04T11:30:00+03:30"),
    ({"until": {"time": "10:00"}}, "2026-03-01T06:29:00Z", "2026-03-01T10:00:00+03:30"),
    ({"until": {"time": "10:00"}}, "2026-03-01T06:30:00Z", "2026-03-01T10:00:00+03:30"),  # the arrival included
    ({"until": {"time": "10:00"}}, "2026-03-01T06:30:01Z", "2026-03-02T10:00:00+03:30"),
    ({"until": {"time": "10:00", "weekdays": ["sun"]}}, "2026-03-01T06:30:01Z", "2026-03-08T10:00:00+03:30"),
    ({"until": {"time": "23:59:59", "weekdays": ["sat", "mon"]}}, "2026-03-01T20:00:00Z", "2026-03-02T23:59:59+03:30"),
    ({"until": {"time": "00:00", "weekdays": ["sun"]}}, "2026-02-28T20:30:00Z", "2026-03-01T00:00:00+03:30"),
    ({"until": {"weekdays": ["sun"]}}, "2026-03-01T06:30:01Z", "2026-03-01T10:00:01+03:30"),  # at once
    ({"until": {"weekdays": ["sat"]}}, "2026-03-01T06:30:01Z", "2026-03-07T00:00:00+03:30"),
    ({"until": {"trait": "renewal"}}, "2026-03-01T06:30:01Z", "2026-05-01T00:00:00+03:30"),
    ({"until": {"trait": "renewal", "offset": "-P1M"}}, "2026-03-01T06:30:01Z", "2026-04-01T00:00:00+03:30"),
    ({"until": {"trait": "missing"}}, "2026-03-01T06:30:01Z", None),
    ({"until": "2027-03-21T08:00"}, "2026-03-01T06:30:01Z", "2027-03-21T08:00:00+03:30"),
    ({"until": "2027-03-21 08:00:30"}, "2026-03-01T06:30:01Z", "2027-03-21T08:00:30+03:30"),
    ({"until": "2027-03-21"}, "2026-03-01T06:30:01Z", "2027-03-21T00:00:00+03:30"),
    ({"until": "2027-03-21T08:00Z"}, "2026-03-01T06:30:01Z", "2027-03-21T11:30:00+03:30"),
]


@pytest.mark.parametrize(("params", "at", "expected"), DELAYS)
def test_when_a_delay_is_over(session: psycopg.Connection[Any], params: Row, at: str, expected: str | None) -> None:
    assert wake(session, params, at, renewal="2026-05-01") == expected


def test_the_clock_times_of_a_delay_where_clocks_are_moved(session: psycopg.Connection[Any]) -> None:
    """Against the words of the page, day by day, as AT TIME ZONE reads local times that do not exist or exist twice."""
    chance = random.Random(6)
    for _ in range(150):
        zone = chance.choice(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo"])
        year, month, day = 2018, *chance.choice([(10, 5), (2, 13), (3, 9), (11, 2)])
        at = datetime(year, month, day, tzinfo=UTC) + timedelta(minutes=chance.randrange(0, 7 * 24 * 60, 15))
        clock = f"{chance.randrange(0, 4):02}:{chance.choice([0, 30]):02}"
        days = chance.sample(["sat", "sun", "mon", "tue", "wed", "thu", "fri"], chance.randrange(0, 4))
        until = {"time": clock, **({"weekdays": days} if days else {})}
        found = wake(session, {"until": until}, at.isoformat(), zone)
        assert datetime.fromisoformat(found) == _next(at, zone, clock, days), (at, zone, until)


def _next(at: datetime, zone: str, clock: str, days: list[str]) -> datetime:
    today = at.astimezone(ZoneInfo(zone)).date()
    for number in range(8):
        local = datetime.combine(today + timedelta(days=number), time.fromisoformat(clock))
        # A time that is skipped goes by the offset before the leap, one that comes twice by the offset after it.
        offsets = [local.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)]
        moment = (local - min(offset for offset in offsets if offset is not None)).replace(tzinfo=UTC)
        if moment >= at and (not days or ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[local.weekday()] in days):
            return moment
    raise AssertionError("no such moment in eight days")


def test_the_deadline_of_a_wait_and_of_a_condition(session: psycopg.Connection[Any]) -> None:
    wait = point("wait", for_={"trait": "city", "is": "Tehran"}, at_most="P1D")
    r = a_reading()
    at = {"at": "2026-03-01T08:00:00Z"}
    assert value(session, wait.kind.wake_at(wait.params, r), r=at) == datetime(2026, 3, 2, 8, tzinfo=UTC)
    passes = wait.kind.passes(wait.params, r)
    assert value(session, passes, r=at, c={"traits": {"city": "Tehran"}}) is True
    assert value(session, passes, r=at) is False


@pytest.mark.parametrize(
    "shares", [{"a": 50, "b": 50}, {"a": 1, "b": 0, "c": 2.5}, {"a": 0, "b": 1}, {"a": 1, "b": 0}, {"a": 7}]
)
def test_a_split_sends_everybody_as_the_hash_says(session: psycopg.Connection[Any], shares: dict[str, float]) -> None:
    split = point("split", shares=shares)
    ways = split.kind.ways(split.params, a_reading(), "it")
    for number in range(100):
        key = f"contact-{number}"
        lot, total, expected = share(f"{key}|small|it") * sum(shares.values()), 0.0, None
        for path, part in shares.items():
            total += part
            if expected is None and lot < total:
                expected = path
        taken = next(p for test, p in ways if test is None or value(session, test, c={"key": key}))
        assert taken == expected


def test_decisions_go_by_the_first_condition_that_holds(session: psycopg.Connection[Any]) -> None:
    branches = {"tehran": {"trait": "city", "is": "Tehran"}, "known": {"trait": "city", "exists": True}}
    branch = point("branch", branches=branches)

    def way(**traits: Any) -> str:
        ways = branch.kind.ways(branch.params, a_reading(), "it")
        return next(p for test, p in ways if test is None or value(session, test, c={"traits": traits}))

    assert (way(city="Tehran"), way(city="Shiraz"), way()) == ("tehran", "known", "else")
    fork = point("if_else", condition={"entry": "total", "at_least": 5})
    (test, yes), (rest, no) = fork.kind.ways(fork.params, a_reading(), "it")
    assert (yes, rest, no) == ("yes", None, "no")
    assert value(session, test, r={"entry": {"total": 5}}) is True
    assert fork.kind.uses(fork.params) == {"entry"}


def test_no_expression_holds_a_per_cent_sign() -> None:
    """psycopg would take it for a placeholder in a statement with parameters."""
    starts = [
        point("tag_added", tag="50%"),
        point("trait_changed", trait="50%", to="%s"),
        point("event", event="50%", where={"%": "%"}),
        point("segment_joined", segment="big-spenders"),
        point("date_reached", trait="50%"),
        point("birthday", trait="50%"),
        point("page_viewed", page="50%", path="%s"),
        point("from_journey", journey="50%"),
    ]
    for start in starts:
        said = [start.kind.entry(start.params, a_reading())]
        if hasattr(start.kind, "matches"):
            said.append(start.kind.matches(start.params, a_reading()))
        assert all("%" not in each.as_string() for each in said)
