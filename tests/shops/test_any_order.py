"""Deliveries in any order, twice or not, by whichever way: the same contacts, purchases, carts and consents."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from safar.api.tests.conftest import Client
from safar.events.tests.shop import Shop, make_shop
from tests.shops import shopify_bodies as shopify
from tests.shops import woocommerce_bodies as woocommerce
from tests.shops.counter import Counter
from tests.shops.recorded import DATA, recorded

Story = list[tuple[str, Any]]

SHOPIFY: Story = [
    ("carts/create", shopify.cart()),
    ("carts/update", shopify.cart("2026-03-02T11:52:00+01:00")),
    ("checkouts/create", shopify.checkout()),
    ("checkouts/update", shopify.checkout(updated_at="2026-03-02T11:58:00+01:00")),
    ("orders/create", shopify.order(financial_status="pending")),
    ("orders/paid", shopify.order()),
    ("orders/updated", shopify.order(refunds=[shopify.refund()], updated_at="2026-03-05T12:00:00+01:00")),
    ("refunds/create", shopify.refund()),
    ("refunds/create", shopify.refund(9002, "4.30")),
    ("customers/create", shopify.SARA),
    ("orders/create", shopify.order(1002, processed_at="2026-03-06T12:00:00Z")),
    ("orders/cancelled", shopify.order(1002, processed_at="2026-03-06T12:00:00Z", cancelled_at="2026-03-07T12:00:00Z")),
    ("orders/create", shopify.order(1003, total_price="20.00")),
    ("orders/updated", shopify.order(1003, total_price="35.00", updated_at="2026-03-03T12:00:00+01:00")),
    ("orders/updated", shopify.order(1003, total_price="30.00", updated_at="2026-03-04T12:00:00+01:00", refunds=[shopify.refund(9003, "5.00", 1003)])),
    ("carts/update", {**shopify.cart("2026-03-09T11:52:00+01:00"), "token": "cart-2", "id": "cart-2"}),
    ("checkouts/create", shopify.checkout(token="check-2", cart_token="cart-2", updated_at="2026-03-09T12:00:00+01:00", created_at="2026-03-09T11:55:00+01:00")),
]  # fmt: skip
WOOCOMMERCE: Story = [
    ("customer.created", woocommerce.SARA),
    ("order.created", woocommerce.order(status="pending")),
    ("order.updated", woocommerce.order()),
    ("order.updated", woocommerce.order(status="completed", refunds=[{"id": 5, "reason": "", "total": "-30000"}])),
    ("order.created", woocommerce.order(728, "on-hold", payment_method="card")),
    ("order.updated", woocommerce.order(728, payment_method="card")),
    ("order.updated", woocommerce.order(732, total="400000")),
    ("order.updated", woocommerce.order(732, total="650000", date_modified_gmt="2026-03-03T10:00:00", refunds=[{"id": 6, "reason": "", "total": "-50000"}])),
    ("order.updated", woocommerce.order(732, total="600000", date_modified_gmt="2026-03-04T10:00:00", refunds=[{"id": 6, "reason": "", "total": "-50000"}])),
    ("order.updated", woocommerce.order(729, "failed", date_modified_gmt="2026-03-04T10:00:00")),
    ("order.updated", woocommerce.order(730, "cancelled", date_modified_gmt="2026-03-04T10:00:00")),
    ("order.updated", woocommerce.order(731, customer_id=12, billing={**woocommerce.BILLING, "email": "sara@example.com"})),
]  # fmt: skip
STORIES = {"shopify": SHOPIFY, "woocommerce": WOOCOMMERCE}


def outcome(url: str, client: Client, conn: Connection[Any], system: str, story: Story, currency: str = "") -> Any:
    """What is known of everybody once the story was told to a shop of a workspace of its own."""
    at = Counter(make_shop(url), client, conn, system, currency)
    for number, (topic, body) in enumerate(story):
        assert at.say(topic, body, id=f"{topic}:{number}")[0] == 200, topic
    at.apply()
    people = at.people()
    for person in people.values():  # a number that two customers gave is the name of whoever gave it first
        person["names"] = [name for name in person["names"] or () if not name.startswith("4:")]
    return people


def shuffled(story: Story, seed: int) -> Story:
    """Each delivery once or twice, in some order."""
    chance = random.Random(seed)
    told = story + chance.sample(story, len(story) // 2)
    chance.shuffle(told)
    return told


@pytest.mark.parametrize("system", STORIES)
def test_in_any_order(shop: Shop, client: Client, conn: Connection[Any], system: str) -> None:
    first = outcome(shop.url, client, conn, system, STORIES[system])
    assert len(first) == 1
    for seed in range(5):
        assert outcome(shop.url, client, conn, system, shuffled(STORIES[system], seed)) == first, seed


def test_a_delivery_is_taken_once(shop: Shop, client: Client, conn: Connection[Any]) -> None:
    at = Counter(shop, client, conn, "shopify")
    for body in (shopify.order(), shopify.order(1002)):  # the second under the number of the first is a repetition
        assert at.say("orders/create", body, id="one and the same")[0] == 200
    at.apply()
    assert [given["order_id"] for _, given in at.history("Order Completed")] == ["1001"]


def test_orders_and_refunds_are_known_for_good(shop: Shop, client: Client, conn: Connection[Any]) -> None:
    at = Counter(shop, client, conn, "shopify")
    for _ in range(2):
        assert at.say("orders/updated", shopify.order(refunds=[shopify.refund()]))[0] == 200
        conn.execute("TRUNCATE seen, shop_delivery")  # two months have gone
        at.apply()
    (sara,) = at.people().values()
    assert sara["purchases"][0][3] == 10
    assert len(at.history("Order Completed")) == 1


@pytest.mark.shared
@pytest.mark.skipif(not Path(DATA).is_dir(), reason="the recorded bodies do not lie beside this checkout")
@pytest.mark.parametrize("system", STORIES)
def test_recorded_bodies_in_any_order(shop: Shop, client: Client, conn: Connection[Any], system: str) -> None:
    story = recorded(system)
    first = outcome(shop.url, client, conn, system, story, "USD")
    assert sum(person["orders"] or 0 for person in first.values()) == {"shopify": 2, "woocommerce": 3}[system]
    for seed in range(2):
        assert outcome(shop.url, client, conn, system, shuffled(story, seed), "USD") == first, seed
