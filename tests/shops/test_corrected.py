"""An order is edited in the shop: the latest telling of its total counts, said once, whichever way it comes and however often."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shops import shopify_bodies, woocommerce_bodies
from tests.shops.conftest import Open

SHOPIFY = [
    ("orders/create", shopify_bodies.order(total_price="20.00")),
    ("orders/updated", shopify_bodies.order(total_price="35.00", updated_at="2026-03-03T12:00:00+01:00")),
    ("orders/updated", shopify_bodies.order(total_price="30.00", updated_at="2026-03-04T12:00:00+01:00")),
]
WOOCOMMERCE = [  # a promise of cash, then edited twice, then paid on delivery
    ("order.created", woocommerce_bodies.order(total="20", currency="IRR", payment_method="cod", date_paid_gmt=None)),
    ("order.updated", woocommerce_bodies.order(total="35", currency="IRR", payment_method="cod", date_paid_gmt=None, date_modified_gmt="2026-03-03T10:00:00")),
    ("order.updated", woocommerce_bodies.order(status="completed", total="30", currency="IRR", payment_method="cod", date_modified_gmt="2026-03-04T10:00:00")),
]  # fmt: skip
STORIES = {"shopify": SHOPIFY, "woocommerce": WOOCOMMERCE}


@pytest.mark.parametrize("system", STORIES)
@pytest.mark.parametrize(
    ("order", "corrections"), [((0, 1, 2), [35, 30]), ((1, 0, 2, 1), [30]), ((2, 1, 0), []), ((0, 0, 2, 1, 2), [30])]
)
def test_the_latest_telling_counts(counter: Open, system: str, order: tuple[int, ...], corrections: list[Any]) -> None:
    at = counter(system)
    for number in order:
        topic, body = STORIES[system][number]
        assert at.say(topic, body)[0] == 200
    at.apply()
    ((sara),) = at.people().values()
    assert (sara["orders"], sara["spent"]) == (1, 30)
    assert len(at.history("Order Completed")) == 1
    assert [given["total"] for _, given in at.history("Order Corrected")] == corrections


def test_an_order_that_was_told_before_totals_were_kept(counter: Open) -> None:
    at = counter("shopify")
    at.say(*SHOPIFY[0])
    at.conn.execute("DELETE FROM shop_total")
    at.say(*SHOPIFY[2])
    at.apply()
    ((sara),) = at.people().values()
    assert sara["spent"] == 30


def test_all_codes_of_an_order_stand_on_it(counter: Open) -> None:
    for system, topic, body in (
        ("woocommerce", "order.updated", woocommerce_bodies.order(coupon_lines=[{"code": "cart10"}, {"code": ""}, {"code": "vip"}], discount_total="24000")),
        ("shopify", "orders/create", shopify_bodies.order(discount_codes=[{"code": "cart10"}, {"code": "vip"}], total_discounts="24000")),
    ):  # fmt: skip
        at = counter(system)
        at.say(topic, body)
        at.apply()
        given = at.history("Order Completed")[-1][1]
        assert (given["coupon"], given["coupons"], given["discount"]) == ("cart10", ["cart10", "vip"], 24000)
        at.conn.execute("DELETE FROM shop")
