"""WooCommerce's deliveries through the real door: its own webhooks, and what the plugin sends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from safar.contacts.products import find_products
from tests.shops import woocommerce_bodies as said
from tests.shops.conftest import Open
from tests.shops.counter import Counter

MOBILE = "+989121234567"


def together(at: Counter, *deliveries: tuple[str, Any, str]) -> Any:
    """As the plugin sends: several deliveries in one request."""
    listed = [{"id": f"{topic}-{when}", "topic": topic, "at": when, "body": body} for topic, body, when in deliveries]
    return at.say("safar.deliveries", {"deliveries": listed})


def test_a_guest_with_a_mobile_number_only(counter: Open) -> None:
    at = counter("woocommerce")
    for topic, body in (
        ("product.updated", said.MUG),
        ("order.created", said.order(status="pending")),
        ("order.updated", said.order()),
        ("coupon.created", {"id": 3}),
    ):
        assert at.say(topic, body) == (200, {"success": True}), topic
    at.apply()
    people = at.people()
    assert set(people) == {MOBILE}
    sara = people[MOBILE]
    assert sara["purchases"] == [['"727"', "2026-03-02T10:05:00+00:00", 5300000, 0, True]]
    assert (sara["orders"], sara["spent"], sara["traits"]["first_name"]) == (1, 5300000, "سارا")
    ((_, order),) = at.history("Order Completed")
    assert (order["total"], order["tax"], order["shipping"], order["currency"]) == (530000, 48181, 50000, "IRT")
    assert order["products"][0]["image_url"] == "https://livan.example/blue.png"
    ((_, began),) = at.history("Checkout Started")
    assert began["checkout_url"] == "https://livan.example/checkout/order-pay/727/?pay_for_order=true&key=wc_order_727"
    assert [given["status"] for _, given in at.history("Order Updated")] == ["pending", "processing"]
    mug = find_products(at.conn, at.house.id, ["93"])["93"]
    assert (mug.name, mug.price, mug.regular_price, mug.stock) == ("لیوان – آبی", Decimal(240000), Decimal(300000), 4)


@pytest.mark.parametrize(("currency", "rials"), [("IRR", 1), ("IRT", 10), ("IRHR", 1000), ("IRHT", 10000)])
def test_money_of_iran_is_exact(counter: Open, currency: str, rials: int) -> None:
    at = counter("woocommerce")
    refunds = [{"id": 1, "reason": "", "total": "-0.5"}]
    assert at.say("order.updated", said.order(currency=currency, total="1234567.5", refunds=refunds))[0] == 200
    at.apply()
    assert at.people()[MOBILE]["spent"] == Decimal("1234567.0") * rials


def test_a_payment_fails_and_is_made_again(counter: Open) -> None:
    at = counter("woocommerce")
    at.say("order.updated", said.order(status="failed"))
    at.say("order.updated", said.order())
    at.say("order.updated", said.order(status="refunded", refunds=[{"id": 9, "reason": "", "total": "-530000"}]))
    at.apply()
    ((_, failed),) = at.history("Payment Failed")
    assert failed["pay_url"].startswith("https://livan.example/checkout/order-pay/727/")
    assert at.people()[MOBILE]["orders"] == 0
    assert len(at.history("Order Refunded")) == 1


def test_a_promise_to_pay_is_an_order(counter: Open) -> None:
    at = counter("woocommerce")
    at.say("order.created", said.order(status="on-hold", payment_method="bacs"))
    at.say("order.updated", said.order(payment_method="bacs"))
    at.say("order.updated", said.order(status="cancelled", payment_method="bacs", date_paid_gmt="2026-03-02T10:05:00"))
    at.apply()
    assert len(at.history("Order Completed")) == 1
    assert at.people()[MOBILE]["orders"] == 0


def test_the_plugin_tells_of_the_way_to_the_order(counter: Open) -> None:
    at = counter("woocommerce")
    meta = [{"key": "_safar_cart", "value": "c0ffee"}, {"key": "_safar_visitor", "value": "v-1"}, {"key": "_safar_consent", "value": "sms"}]  # fmt: skip
    look = {"visitor": "v-1", "product": {"product_id": 93, "name": "لیوان", "price": 240000}, "currency": "IRT"}
    told = together(
        at,
        ("product.viewed", look, "2026-03-02T09:50:00Z"),
        ("cart.updated", said.cart(), "2026-03-02T09:51:00Z"),
        ("checkout.updated", said.checkout(consent={"sms": True}), "2026-03-02T09:55:00Z"),
    )
    assert told == (200, {"success": True})
    at.apply()
    sara = at.people()[MOBILE]
    assert (sara["cart_value"], sara["consent"]) == (4800000, {"sms": "given"})
    assert sorted(name for name, _ in at.history()) == [
        "Cart Updated",
        "Checkout Started",
        "Product Viewed",
        "alias",
        "alias",
        "identify",
    ]
    assert together(at, ("order.updated", said.order(meta_data=meta), "2026-03-02T10:05:02Z"))[0] == 200
    at.apply()
    people = at.people()
    assert set(people) == {MOBILE}
    assert (people[MOBILE]["orders"], people[MOBILE]["cart_value"]) == (1, 0)


def test_what_woocommerce_sends_to_see_who_is_there(counter: Open) -> None:
    at = counter("woocommerce")
    ping = {"content-type": "application/x-www-form-urlencoded"}
    assert at.client.request("POST", at.path, b"webhook_id=7", ping)[0] == 200
    assert at.client.request("POST", at.path, b"webhook_id=7&x=1", ping)[0] == 401
    assert at.say("order.created", said.order(), secret="another one of ours")[0] == 401


def test_rubbish_is_refused_with_its_place(counter: Open) -> None:
    at = counter("woocommerce")
    refused: tuple[tuple[str, object, str], ...] = (
        ("order.created", {"id": 1, "total": "much", "date_created_gmt": "2026-03-02T10:00:00"}, "total"),
        ("order.created", {"id": 1, "total": "1"}, "date_created_gmt"),
        ("refund.created", {"id": 1, "amount": "1"}, "parent_id"),
        ("safar.deliveries", {"deliveries": 3}, "deliveries"),
        ("safar.deliveries", {"deliveries": [{"topic": "cart.updated", "body": {"cart": "a"}}, {"body": {}}]}, "deliveries.1.topic"),
        ("cart.updated", {"cart": "a", "visitor": "v"}, "total"),
        ("person.known", {}, "visitor"),
        ("order.created", b"\xff", ""),
    )  # fmt: skip
    for topic, body, place in refused:
        status, answer = at.say(topic, body)
        assert status == 400, (topic, answer)
        assert place in [fault["place"] for fault in answer["faults"]], answer
    status, answer = together(at, ("person.known", {"visitor": "v"}, "2026-03-02T09:50:00Z"), ("cart.updated", {"cart": "a", "visitor": "v"}, "2026-03-02T09:51:00Z"))  # fmt: skip
    assert (status, [fault["place"] for fault in answer["faults"]]) == (400, ["deliveries.1.body.total"])
    at.apply()
    assert at.people() == {}
