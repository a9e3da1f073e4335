"""Shopify's deliveries through the real door: what becomes of Sara's carts, orders, refunds, her consent, and of the products."""

from __future__ import annotations

from decimal import Decimal

from safar.contacts.products import find_products
from safar.events.jobs.running import run_next
from safar.shops import privacy
from tests.shops import shopify_bodies as said
from tests.shops.conftest import Open


def test_an_order_with_its_cart_is_one_persons(counter: Open) -> None:
    at = counter("shopify")
    for topic, body in (
        ("products/update", said.MUG),
        ("carts/update", said.cart()),
        ("checkouts/create", said.checkout()),
        ("orders/create", said.order()),
        ("refunds/create", said.refund()),
        ("customers/update", said.SARA),
    ):
        assert at.say(topic, body) == (200, {"success": True}), topic
    at.apply()
    people = at.people()
    assert set(people) == {"sara@example.com"}
    sara = people["sara@example.com"]
    assert (sara["orders"], sara["cart_value"], sara["cart_since"]) == (1, 0, None)
    assert sara["purchases"] == [['"1001"', "2026-03-02T11:00:00+00:00", 44.3, 10, True]]
    assert sara["consent"] == {"email": "given"}
    assert sara["phone"] == "+49301234567"
    assert sara["names"][0] == "1:shopify:71"
    assert sara["traits"]["shop_tags"] == ["loyal", "mugs"]
    ((_, order),) = at.history("Order Completed")
    assert (order["total"], order["tax"], order["shipping"], order["discount"]) == (44.3, 7.07, 4.5, 0)
    (line,) = order["products"]
    assert line["image_url"] == "https://cdn.example/blue.png"
    assert line["url"] == "https://mugs.example/products/blue-mug"
    ((_, back),) = at.history("Order Refunded")
    assert (back["total"], back["order_id"]) == (10, "1001")
    assert [given["status"] for _, given in at.history("Order Updated")] == ["processing"]
    ((_, began),) = at.history("Checkout Started")
    assert began["checkout_url"] == "https://mugs.example/recover/check-1"


def test_products_are_kept_with_stock_and_price(counter: Open) -> None:
    at = counter("shopify")
    at.say("products/update", said.MUG)
    mug = find_products(at.conn, at.house.id, ["501"])["501"]
    assert (mug.price, mug.regular_price, mug.stock, mug.available) == (Decimal("19.90"), Decimal("24.90"), 5, True)
    at.say("products/update", {**said.MUG, "updated_at": "2026-01-15T00:00:00Z", "title": "An older name"})
    assert find_products(at.conn, at.house.id, ["501"])["501"].name == "Blue mug"
    at.say("products/delete", {"id": 501})
    assert find_products(at.conn, at.house.id, ["501"])["501"].available is False


def test_consent_keeps_its_own_time(counter: Open) -> None:
    at = counter("shopify")
    withdrawn = {"state": "unsubscribed", "consent_updated_at": "2026-03-09T00:00:00Z"}
    at.say(
        "customers/update", {**said.SARA, "email_marketing_consent": withdrawn, "updated_at": "2026-03-09T00:00:00Z"}
    )
    at.say(
        "customers/update", {**said.SARA, "updated_at": "2026-03-10T00:00:00Z"}
    )  # an older answer in a newer delivery
    at.apply()
    assert at.people()["sara@example.com"]["consent"] == {"email": "withdrawn"}


def test_what_is_not_proved_says_nothing(counter: Open) -> None:
    at = counter("shopify")
    assert at.say("orders/create", said.order(), secret="another")[0] == 401
    assert at.say("orders/create", said.order(), **{"X-Shopify-Hmac-Sha256": "é"})[0] == 401
    assert at.client.request("POST", "/shops/nobody", b"{}")[0] == 404
    assert at.client.request("GET", at.path)[0] == 405
    at.apply()
    assert at.people() == {}


def test_rubbish_is_refused_with_its_place(counter: Open) -> None:
    at = counter("shopify")
    refused: tuple[tuple[str, object, str], ...] = (
        ("orders/create", b"{", ""),
        ("orders/create", [], ""),
        ("orders/create", {}, "id"),
        ("orders/create", said.order(total_price="cheap"), "total_price"),
        ("orders/create", said.order(processed_at="yesterday"), "processed_at"),
        ("orders/create", said.order(refunds=[{"transactions": []}]), "refunds.0.id"),
        ("refunds/create", {"id": 1}, "order_id"),
        ("carts/update", {"line_items": []}, "id"),
        ("", said.order(), "X-Shopify-Topic"),
    )
    for topic, body, place in refused:
        status, answer = at.say(topic, body)
        assert status == 400, (topic, answer)
        assert place in [fault["place"] for fault in answer["faults"]]
    odd = said.order(customer=[], billing_address="none", line_items={"a": 1}, refunds=None, name="\0x" * 400)
    assert at.say("orders/create", odd)[0] == 200
    assert at.say("themes/publish", {"id": 1})[0] == 200
    at.apply()
    assert len(at.history("Order Completed")) == 1


def test_orders_of_nobody_and_tests_are_left_out(counter: Open) -> None:
    at = counter("shopify")
    nobody = said.order(customer=None, email="", billing_address=None)
    assert at.say("orders/create", nobody)[0] == 200
    assert at.say("orders/create", said.order(test=True))[0] == 200
    at.apply()
    assert at.people() == {}


def test_a_shop_that_takes_itself_off_is_heard_no_more(counter: Open) -> None:
    at = counter("shopify")
    assert at.say("app/uninstalled", {"id": 1})[0] == 200
    at.open()
    assert at.say("orders/create", said.order())[0] == 410


def test_whom_the_shop_has_erased_is_erased_here(counter: Open) -> None:
    at = counter("shopify")
    at.say("orders/create", said.order())
    at.apply()
    assert at.say("customers/data_request", {"customer": {"id": 71}})[0] == 200
    assert at.say("customers/redact", {"customer": {"id": 71, "email": "sara@example.com"}})[0] == 200
    while run_next(at.conn, privacy.runs()):
        pass
    assert "sara@example.com" not in at.people()
    query = "SELECT action FROM accounts_auditentry WHERE workspace_id = %s AND actor = 'shopify' ORDER BY id"
    actions = [action for (action,) in at.conn.execute(query, (at.house.id,)).fetchall()]
    assert actions == ["asked_for_data", "erase_contact"]
