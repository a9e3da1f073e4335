"""What messages earned, against a reckoning in plain Python that walks every person's history by itself."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Workspace
from safar.accounts.services import create_workspace
from safar.content.services import apply_templates
from safar.journeys.models import Journey
from safar.journeys.reckoning.earned import Earned, read_earned
from safar.journeys.reckoning.goals import read_aims
from safar.journeys.reckoning.tests.history import (
    BEGIN,
    HOUR,
    Happened,
    History,
    Message,
    draw_history,
    keep,
    people,
    publish_goal,
)

pytestmark = pytest.mark.usefixtures("database_url")
DAY = timedelta(days=1)
Counts = Callable[[Message, Happened], bool]


@pytest.fixture
def shop(database_url: str, unique: str) -> Workspace:
    made = create_workspace(slug=f"shop-{unique}", name="Shop", zone="Asia/Tehran", currency="USD")
    hello = {"channel": "email", "languages": {"en": {"subject": "Hello", "html": "<p>Hello</p>"}}}
    apply_templates(made, {"hello": hello})
    return made


@pytest.fixture(autouse=True)
def nothing_left(conn: psycopg.Connection[Any]) -> Iterator[None]:
    yield
    conn.execute("TRUNCATE message, event, enrollment_entry, contact, purchase")


def amount(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def reckon(
    history: History, goals: dict[int, tuple[str, timedelta | None, Counts, bool]], late: timedelta
) -> dict[tuple[int, str], Earned]:
    """goals: journey → (event, within, whether it counts after that message, whether it has money)."""
    found: dict[tuple[int, str], list[tuple[int, Decimal | None]]] = defaultdict(list)
    bearers: set[tuple[int, str, str]] = set()
    for event in sorted(history.events, key=lambda each: (each.at, each.seq)):
        order = event.properties.get("order_id")
        first = order is None or (event.contact, event.name, order) not in bearers
        if order is not None:
            bearers.add((event.contact, event.name, order))
        if not first or event.hops > 8 or event.timestamp + late < event.at:
            continue
        best: Message | None = None
        for message in history.messages:
            if message.contact != event.contact or message.state not in ("accepted", "assumed_sent"):
                continue
            if message.journey not in goals or not message.at < event.at:
                continue
            name, within, counts, _ = goals[message.journey]
            if (
                event.name != name
                or (within is not None and event.at > message.at + within)
                or not counts(message, event)
            ):
                continue
            if best is None or (message.at, message.id) > (best.at, best.id):
                best = message
        if best is not None:
            found[best.journey, best.point].append((event.contact, amount(event.properties["total"])))
    return {
        place: Earned(
            len(orders),
            len({contact for contact, _ in orders}),
            sum((money for _, money in orders if money is not None), Decimal(0)) if goals[place[0]][3] else None,
            sum(money is None for _, money in orders) if goals[place[0]][3] else 0,
        )
        for place, orders in found.items()
    }


@pytest.mark.parametrize("seed", range(6))
def test_as_by_hand(conn: psycopg.Connection[Any], shop: Workspace, seed: int) -> None:
    plain = publish_goal(shop, "plain", {"event": "Order Completed", "within": "P2D", "money": "total"})
    only = publish_goal(
        shop, "only", {"event": "Order Completed", "where": {"city": "Tehran"}, "within": "PT36H", "money": "total"}
    )
    own = publish_goal(
        shop,
        "own",
        {"event": "Order Completed", "where": {"order_id": {"same_as": "entry.order_id"}}, "money": "total"},
    )
    signs = publish_goal(shop, "signs", {"event": "Signed", "within": "P1D"})
    aimless = publish_goal(shop, "aimless", None)
    goals: dict[int, tuple[str, timedelta | None, Counts, bool]] = {
        plain.pk: ("Order Completed", 2 * DAY, lambda _, __: True, True),
        only.pk: ("Order Completed", 36 * HOUR, lambda _, e: e.properties.get("city") == "Tehran", True),
        own.pk: ("Order Completed", None, lambda m, e: e.properties.get("order_id") == m.entry["order_id"], True),
        signs.pk: ("Signed", DAY, lambda _, __: True, False),
    }
    history = draw_history(Random(seed), people(conn, shop, 6), [*goals, aimless.pk], 240)
    keep(conn, shop, history)
    aims = read_aims(shop)
    assert {aim.journey_id for aim in aims} == set(goals)
    found = read_earned(conn, shop, aims)
    assert dict(found) == reckon(history, goals, timedelta(seconds=shop.late_events))
    assert len(found) > 3


def test_an_order_belongs_to_the_latest_message_of_whichever_journey(
    conn: psycopg.Connection[Any], shop: Workspace
) -> None:
    first = publish_goal(shop, "first", {"event": "Order Completed", "within": "P7D", "money": "total"})
    second = publish_goal(shop, "second", {"event": "Order Completed", "within": "P1D", "money": "total"})
    sara, ali = people(conn, shop, 2)

    def sent(number: int, who: int, journey: Journey, after: timedelta) -> Message:
        return Message(number, who, journey.pk, "mail", "accepted", BEGIN + after, {})

    def buys(number: int, who: int, after: timedelta, total: int) -> Happened:
        at: datetime = BEGIN + after
        return Happened(number, who, "Order Completed", at, at, {"order_id": f"o-{number}", "total": total})

    messages = [sent(1, sara, first, 0 * DAY), sent(2, sara, second, DAY), sent(3, ali, second, DAY)]
    orders = [
        buys(1, sara, 2 * DAY, 100),
        buys(2, sara, 3 * DAY, 10),
        buys(3, sara, 30 * DAY, 5),
        buys(4, ali, 0 * DAY, 1000),
    ]
    keep(conn, shop, History(messages, orders))
    found = read_earned(conn, shop, read_aims(shop))
    assert found == {
        (second.pk, "mail"): Earned(1, 1, Decimal(100), 0),
        (first.pk, "mail"): Earned(1, 1, Decimal(10), 0),
    }


def test_an_order_earns_what_is_left_of_it(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    journey = publish_goal(shop, "first", {"event": "Order Completed", "within": "P7D", "money": "total"})
    count = publish_goal(shop, "weighed", {"event": "Order Completed", "within": "P7D", "money": "weight"})
    (sara,) = people(conn, shop, 1)
    messages = [Message(1, sara, journey.pk, "mail", "accepted", BEGIN, {})]
    given: dict[str, Any] = {"total": 100, "weight": 3}
    orders = [
        Happened(n, sara, "Order Completed", BEGIN + n * HOUR, BEGIN + n * HOUR, {**given, "order_id": f"o-{n}"})
        for n in range(1, 6)
    ]
    keep(conn, shop, History(messages, orders))
    for order, total, refunded, counts in (
        ("o-1", 160, 0, True),  # edited
        ("o-2", 100, 30, True),
        ("o-3", 100, 0, False),  # cancelled
        ("o-4", None, 0, True),
    ):
        conn.execute(
            "INSERT INTO purchase (bucket, contact_id, order_id, at, total, refunded, counts) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (sara & 1023, sara, json.dumps(order), BEGIN, total, refunded, counts),
        )
    found = read_earned(conn, shop, read_aims(shop))
    assert found == {(journey.pk, "mail"): Earned(5, 1, Decimal(160 + 70 + 0 + 100), 1)}
    conn.execute("UPDATE message SET journey_id = %s", (count.pk,))
    assert read_earned(conn, shop, read_aims(shop)) == {(count.pk, "mail"): Earned(5, 1, Decimal(15), 0)}


def test_a_goal_with_a_per_cent_sign_and_a_quote(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    journey = publish_goal(shop, "odd", {"event": "50% o'clock", "within": "P1M", "money": "it's %s"})
    (sara,) = people(conn, shop, 1)
    at = BEGIN + 3 * HOUR
    event = Happened(1, sara, "50% o'clock", at, at, {"it's %s": 12})
    keep(conn, shop, History([Message(1, sara, journey.pk, "mail", "accepted", BEGIN, {})], [event]))
    assert read_earned(conn, shop, read_aims(shop)) == {(journey.pk, "mail"): Earned(1, 1, Decimal(12), 0)}


def test_without_goals_nothing_is_asked(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    publish_goal(shop, "aimless", None)
    assert read_aims(shop) == []
    assert read_earned(conn, shop, []) == {}
