"""A shop's year through Safar, against a plain-Python walk of the same rows: every trip, every figure, every sum.

Twice: self-contained, as a back-test of the whole year, and live, for some of the customers: Segment's own client over HTTP into the
real application, an engine on a clock moved by hand, in slices of days of any length.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.asgi import get_asgi_application

from safar.api.app import application
from safar.journeys.backtest.run import Setting, backtest, read_yaml_files
from safar.journeys.check import check_books
from safar.postgres.connections import connect
from tests.acceptance.retail_journeys import BACK, SECOND, walk
from tests.acceptance.retail_live import LiveShop, serving
from tests.acceptance.retail_rows import CURRENCY, ZONE, Event
from tests.acceptance.retail_shop import ONLINE_RETAIL, UNTIL, make_small_shop, read_online_retail
from tests.acceptance.retail_trips import Walked

JOURNEYS = [Path(__file__).parent / name for name in ("second_purchase.yaml", "win_back.yaml")]
SLICE = 400  # customers of the year that walk live
SENDING = {"warm", "plain", "friend", "last", "call", "thank", "fine", "small"}  # points that decide a message

SHOPS = [
    "our own",
    pytest.param(
        "online retail",
        marks=[pytest.mark.shared, pytest.mark.skipif(not ONLINE_RETAIL.exists(), reason="the data is not here")],
    ),
]


@cache
def year_of(shop: str) -> list[Event]:
    return make_small_shop() if shop == "our own" else read_online_retail()


def in_order(trips: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(trips, key=lambda trip: (trip["contact"], trip["journey"], trip["entered_at"]))


def in_short(figures: dict[str, Any]) -> dict[str, Any]:
    """As Walked.figures: without points that nobody reached, money as a number."""
    assert figures["moved_in"] == 0
    points = {}
    for key, point in figures["points"].items():
        assert point["set_aside"] == point["moved"] == 0
        if point["entered"]:
            points[key] = {name: point[name] for name in ("entered", "standing", "paths", "left")}
    rest = {name: value for name, value in figures.items() if name != "moved_in"}
    return rest | {"points": points, "money": Decimal(figures["money"])}


def differences(found: Iterable[dict[str, Any]], walked: Walked) -> list[tuple[Any, Any]]:
    """The first pairs of trips that differ."""
    mine = walked.trace()
    theirs = in_order(found)
    assert Counter(t["journey"] for t in theirs) == Counter(t["journey"] for t in mine)
    return [(a, b) for a, b in zip(theirs, mine, strict=True) if a != b][:3]


def test_the_small_shop_goes_everywhere() -> None:
    """Else the tests below would say little where the year of the real shop is not at hand."""
    walked = walk(year_of("our own"), UNTIL)
    for key, ways in ((SECOND, {"goal", "exit_when", "bought once"}), (BACK, {"goal", "silent"})):
        figures = walked.figures(key)
        assert figures["held_out"] > 0
        assert figures["refused"]["reentry"] > 0
        assert figures["goals"] > 0
        assert {reason for point in figures["points"].values() for reason in point["left"]} == ways
    reached = {p: set(f["paths"]) for key in (SECOND, BACK) for p, f in walked.figures(key)["points"].items()}
    assert set(reached) >= SENDING
    assert reached["answer"] == {"happened", "timed_out"}
    assert reached["worth"] == {"big", "often", "else"}
    assert reached["again"] == reached["known"] == reached["big"] == {"yes", "no"}
    kinds = Counter(event.kind for event in year_of("our own"))
    assert min(kinds[kind] for kind in ("completed", "cancelled", "refunded")) > 30


@pytest.mark.parametrize("shop", SHOPS)
def test_a_year_as_a_back_test(shop: str, server_url: str) -> None:
    events = year_of(shop)
    walked = walk(events, UNTIL)
    definitions, conditions = read_yaml_files(JOURNEYS, None)
    lines = (json.dumps(event.as_message()).encode() for event in events)
    with backtest(server_url, definitions, conditions, lines, Setting(ZONE.key, currency=CURRENCY), UNTIL) as done:
        assert done.events == len(events)
        assert done.contacts == len(walked.facts)
        assert differences(done.trace(), walked) == []
        for key in (SECOND, BACK):
            assert in_short(done.figures[key].as_json()) == walked.figures(key)


@pytest.mark.parametrize("shop", SHOPS)
def test_customers_live_by_http(shop: str, own_database_url: str) -> None:
    luck = random.Random(9)
    everybody = sorted({event.customer for event in year_of(shop)})
    chosen = set(luck.sample(everybody, min(SLICE, len(everybody))))
    events = [event for event in year_of(shop) if event.customer in chosen]
    walked = walk(events, UNTIL)
    start = events[0].at - timedelta(hours=1)
    with connect(own_database_url, application_name="safar tests") as conn:
        live = LiveShop(conn, own_database_url, JOURNEYS, start)
        with serving(application(get_asgi_application())) as address:
            now, sent = start, 0
            while now < UNTIL:
                now = min(now + timedelta(days=luck.choice((2, 20, 41)), minutes=luck.randrange(1440)), UNTIL)
                coming = [event for event in events[sent:] if event.at <= now]
                if coming:
                    live.send(address, coming)
                sent += len(coming)
                if luck.random() < 0.8 or now == UNTIL:  # else nobody works until the next slice
                    live.work(now)
        assert sent == len(events)
        assert differences(live.trace(), walked) == []
        for key in (SECOND, BACK):
            assert in_short(live.figures(key)) == walked.figures(key)
        facts = {key: (len(f.orders), f.spent, f.last) for key, f in walked.facts.items()}
        assert live.facts() == facts
        decided = Counter(p.point for trip in walked.trips for p in trip.passages if p.point in SENDING)
        assert Counter(point for (point,) in conn.execute("SELECT effect ->> 'point' FROM outbox")) == decided
        books = check_books(conn)
        assert books.closed, books.differences
        live.engine.close()
