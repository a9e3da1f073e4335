"""Whatever stands in a body, a translation ends with messages or with faults that have a place, and never otherwise."""

from __future__ import annotations

import copy
import random
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from safar.lib.faults import Faults
from safar.shops.connecting import Shop
from safar.shops.receiving import tell
from safar.shops.system import Delivery, systems
from tests.shops import shopify_bodies, woocommerce_bodies

NOW = datetime(2026, 3, 21, 8, tzinfo=UTC)
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**400, 1e308, "", "x", "\0", "9" * 5000, "2026-02-30", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00Z", "-0", "1e5",
    "۱۲٫۵", "javascript:alert(1)", "https://" + "x" * 3000, [], {}, [[]], [None], {"a": {}}, [{}] * 300, "🙂" * 300,
)  # fmt: skip
BODIES: dict[str, tuple[Any, ...]] = {
    "shopify": (shopify_bodies.order(refunds=[shopify_bodies.refund()], cancelled_at="2026-03-07T12:00:00Z"), shopify_bodies.SARA, shopify_bodies.MUG, shopify_bodies.cart(), shopify_bodies.checkout(), shopify_bodies.refund()),
    "woocommerce": (woocommerce_bodies.order(refunds=[{"id": 5, "total": "-3"}]), woocommerce_bodies.order(status="failed"), woocommerce_bodies.SARA, woocommerce_bodies.MUG, woocommerce_bodies.checkout(), {"visitor": "v", "product": {"product_id": 1}}),
}  # fmt: skip


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in it, from the whole down."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def put(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    made = copy.deepcopy(body)
    at = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return made


@pytest.mark.parametrize("system", BODIES)
def test_odd_values_in_any_place(system: str) -> None:
    shop = Shop(
        1,
        1,
        system,
        system,
        "",
        "t",
        {"url": "https://shop.example", "domain": "x.myshopify.com"},
        None,
        NOW,
        None,
        "EUR",
    )
    chance = random.Random(20260321)
    topics = sorted(systems()[system].topics)
    for number in range(4_000):
        body = chance.choice(BODIES[system])
        for _ in range(chance.choice((1, 1, 3))):
            body = put(body, chance.choice(places(body)), chance.choice(ODD))
        faults, topic = Faults(), topics[number % len(topics)]
        told = tell(shop, Delivery("", topic, body, NOW), faults, NOW)
        if faults:
            assert all(fault.message for fault in faults)
            continue
        for message in told.saying.messages:
            assert message.timestamp <= NOW
            assert message.names[:4] != (None, None, None, None) or message.names.previous
            assert "\\u0000" not in msgspec.json.encode(message.properties).decode()
            assert len(message.message_id or "") <= 255
        for product in told.saying.products:
            assert product.stock is None or abs(product.stock) < 2**31
