"""The shop in Tehran and the one in Berlin, as docs/live-in-an-hour.md sets them up: abandoned carts and failed payments answered by mail and
by SMS within the law, and counted back on the map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from psycopg import Connection

from safar.api.tests.conftest import Client, client  # noqa: F401
from safar.events.tests.shop import Shop, conn, shop  # noqa: F401
from safar.journeys.check import check_books
from safar.journeys.readymade.shelf import KEYS
from tests.acceptance.counted_shop import CountedShop, at, open_shop
from tests.shops import shopify_bodies as shopify
from tests.shops import woocommerce_bodies as woocommerce

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)  # 12:30 in Tehran, 10:00 in Berlin
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICKED = [{"key": "_safar_consent", "value": "email,sms"}, {"key": "_safar_cart", "value": "c0ffee"}]


@pytest.fixture
def tehran(shop: Shop, client: Client, conn: Connection[Any], monkeypatch: Any) -> Iterator[CountedShop]:  # noqa: F811
    said = {"zone": "Asia/Tehran", "calendar": "jalali", "currency": "IRR", "currency_unit": "IRT", "language": "fa"}
    with open_shop(shop, client, conn, monkeypatch, "woocommerce", "kavenegar", NOON, **said) as one:
        yield one


@pytest.fixture
def berlin(shop: Shop, client: Client, conn: Connection[Any], monkeypatch: Any) -> Iterator[CountedShop]:  # noqa: F811
    said = {"zone": "Europe/Berlin", "currency": "EUR", "currency_unit": "EUR", "language": "en"}
    with open_shop(shop, client, conn, monkeypatch, "shopify", "twilio", NOON, **said) as one:
        yield one


def billing(name: str, phone: str, email: str = "") -> dict[str, Any]:
    return {**woocommerce.BILLING, "first_name": name, "phone": phone, "email": email}


def order(number: int, who: dict[str, Any], status: str, moment: datetime, **more: Any) -> Any:
    said = {"billing": who, "date_created_gmt": at(moment), "date_modified_gmt": at(moment)}
    paid = at(moment) if status in ("processing", "completed") else None
    return woocommerce.order(number, status, **{**said, "date_paid_gmt": paid, **more})


def cart(number: str, who: dict[str, Any]) -> Any:
    return woocommerce.cart(
        cart=number, visitor=f"v-{number}", billing=who, checkout_url="https://livan.example/checkout/"
    )


def test_tehran(tehran: CountedShop) -> None:
    sara, mina = billing("سارا", "09121111111", "sara@home.example"), billing("مینا", "09122222222")
    ali = billing("علی", "09123333333", "ali@home.example")
    month = NOON - 30 * DAY
    tehran.hears("order.updated", order(700, sara, "processing", month, meta_data=TICKED))
    tehran.use("abandoned-cart", "failed-payment")
    tehran.work()

    # Sara leaves a cart of 480,000 tomans; so does Mina, who has agreed to nothing, and hears nothing.
    for number, who in (("c-1", sara), ("c-2", mina)):
        tehran.hears("cart.updated", {**cart(number, who), "billing": None})
        tehran.hears("checkout.updated", cart(number, who))
    # Payments break off at the bank: of Mina, whose number is all that is known, and of Ali. It is their order: no consent is asked.
    tehran.hears("order.updated", order(801, mina, "failed", NOON))
    tehran.hears("order.updated", order(802, ali, "failed", NOON, total="900000"))
    tehran.goes_on(NOON + 90 * MINUTE)
    assert sorted(tehran.messages()) == [
        ("سارا", "email", "cart-remind", "accepted"),
        ("علی", "email", "payment-way-back", "accepted"),
        ("مینا", "sms", "payment-sms", "accepted"),
    ]
    assert {one["to"] for one in tehran.mail.taken} == {"sara@home.example", "ali@home.example"}
    ((text,),) = [[one["text"] for one in tehran.sms.taken if one["to"] == "09122222222"]]
    assert "801" in text
    assert "لغو" not in text  # it is no advertising
    reminder = next(one for one in tehran.mail.taken if one["to"] == "sara@home.example")
    assert "۴۸۰٬۰۰۰ تومان" in reminder["text"]
    assert "List-Unsubscribe-Post" in reminder["headers"]

    # Mina and Ali pay. Sara hears twice more, the second time by SMS at half past six in the evening, and orders.
    tehran.hears("order.updated", order(801, mina, "processing", tehran.now))
    tehran.hears("order.updated", order(802, ali, "processing", tehran.now, total="900000"))
    tehran.goes_on(NOON + 4 * DAY, 3 * HOUR)
    assert [said for who, *said in tehran.messages() if who == "سارا"] == [
        ["email", "cart-remind", "accepted"],
        ["email", "cart-help", "accepted"],
        ["sms", "cart-sms", "accepted"],
    ]
    assert len(tehran.messages()) == 5
    (text,) = [one["text"] for one in tehran.sms.taken if one["to"] == "09121111111"]
    assert text.rstrip().endswith("لغو۱۱")
    decided = "SELECT decided_at FROM message WHERE template = 'cart-sms'"
    assert tehran.counter.conn.execute(decided).fetchone() == (datetime(2026, 3, 5, 15, tzinfo=UTC),)  # 18:30 in Tehran
    tehran.hears("order.updated", order(803, sara, "processing", tehran.now, total="480000"))
    tehran.work()

    assert tehran.reached("abandoned-cart") == 1
    assert tehran.reached("failed-payment") == 2
    assert {point: (one.orders, one.money) for point, one in tehran.earned("abandoned-cart").items()} == {
        "text": (1, Decimal(4800000))
    }
    paid = tehran.earned("failed-payment")
    assert {point: (one.orders, one.money) for point, one in paid.items()} == {
        "text_now": (1, Decimal(5300000)),
        "way_back": (1, Decimal(9000000)),
    }

    # A mug is added, another sent back: what the SMS earned follows.
    refund = [{"id": 9, "reason": "", "total": "-20000"}]
    tehran.hears(
        "order.updated",
        order(
            803,
            sara,
            "completed",
            NOON + 4 * DAY,
            total="700000",
            refunds=refund,
            date_modified_gmt=at(tehran.now + HOUR),
        ),
    )
    tehran.work()
    assert tehran.earned("abandoned-cart")["text"].money == Decimal(6800000)
    assert check_books(tehran.counter.conn).closed


def customer(number: int, name: str, **more: Any) -> Any:
    said = {"id": number, "email": f"{name.lower()}@home.example", "first_name": name, "phone": f"+49170000000{number}"}
    return {**shopify.SARA, **said, "default_address": None, "updated_at": f"{at(NOON - DAY)}Z", **more}


def test_berlin(berlin: CountedShop) -> None:
    yes = {"state": "subscribed", "consent_updated_at": f"{at(NOON - DAY)}Z"}
    no = {"state": "not_subscribed", "consent_updated_at": None}
    sara = customer(1, "Sara", email_marketing_consent=yes, sms_marketing_consent=yes)
    mina, ali = (customer(n, name, email_marketing_consent=no) for n, name in ((2, "Mina"), (3, "Ali")))
    for one in (sara, mina, ali):
        berlin.hears("customers/create", one)
    berlin.use("abandoned-cart", "failed-payment")
    berlin.work()

    # Sara and Mina leave their checkouts; Mina has agreed to nothing. Ali's payment of an order by invoice is refused.
    for number, who in (("c-1", sara), ("c-2", mina)):
        moments = {"created_at": f"{at(NOON)}Z", "updated_at": f"{at(NOON)}Z"}
        berlin.hears("carts/create", shopify.cart(f"{at(NOON)}Z", id=number, token=number))
        recover = f"https://mugs.example/recover/{number}"
        said = {
            "token": f"k-{number}",
            "cart_token": number,
            "email": who["email"],
            "customer": who,
            "abandoned_checkout_url": recover,
        }
        berlin.hears("checkouts/create", shopify.checkout(**said, **moments))
    moments = {"created_at": f"{at(NOON)}Z", "processed_at": f"{at(NOON)}Z", "updated_at": f"{at(NOON)}Z"}
    promised = {"customer": ali, "email": ali["email"], "billing_address": None, "cart_token": None, **moments}
    berlin.hears("orders/create", shopify.order(2001, financial_status="pending", **promised))
    refused = {
        "id": 5,
        "order_id": 2001,
        "kind": "sale",
        "status": "failure",
        "amount": "44.30",
        "currency": "EUR",
        "gateway": "card",
        "message": "declined",
    }
    berlin.hears("order_transactions/create", {**refused, "processed_at": f"{at(NOON)}Z"})
    berlin.goes_on(NOON + 90 * MINUTE)
    assert sorted(berlin.messages()) == [
        ("Ali", "email", "payment-way-back", "accepted"),
        ("Sara", "email", "cart-remind", "accepted"),
    ]
    letters = {one["to"]: one for one in berlin.mail.taken}
    assert "List-Unsubscribe-Post" in letters["sara@home.example"]["headers"]
    assert "List-Unsubscribe" not in letters["ali@home.example"]["headers"]  # it belongs to his order

    # A text the next morning as well, and he pays: nothing more comes, nobody calls.
    berlin.goes_on(NOON + 25 * HOUR, HOUR)
    paid = {**promised, "updated_at": f"{at(berlin.now)}Z"}
    berlin.hears("orders/paid", shopify.order(2001, **paid))
    berlin.goes_on(NOON + 4 * DAY, 3 * HOUR)
    assert [said for who, *said in berlin.messages() if who == "Ali"] == [
        ["email", "payment-way-back", "accepted"],
        ["sms", "payment-sms", "accepted"],
    ]
    assert [said for who, *said in berlin.messages() if who == "Sara"] == [
        ["email", "cart-remind", "accepted"],
        ["email", "cart-help", "accepted"],
        ["sms", "cart-sms", "accepted"],
    ]
    assert [who for who, *_ in berlin.messages() if who == "Mina"] == []
    moments = {name: f"{at(berlin.now)}Z" for name in ("created_at", "processed_at", "updated_at")}
    berlin.hears(
        "orders/create",
        shopify.order(2002, customer=sara, email=sara["email"], billing_address=None, cart_token="c-1", **moments),
    )
    berlin.work()

    assert berlin.reached("abandoned-cart") == 1
    assert {point: (one.orders, one.money) for point, one in berlin.earned("abandoned-cart").items()} == {
        "text": (1, Decimal("44.30"))
    }
    later = {**moments, "updated_at": f"{at(berlin.now + MINUTE)}Z"}
    back = [shopify.refund(9100, "10.00", 2002)]
    berlin.hears(
        "orders/updated",
        shopify.order(
            2002, customer=sara, email=sara["email"], billing_address=None, total_price="64.30", refunds=back, **later
        ),
    )
    berlin.work()
    assert berlin.earned("abandoned-cart")["text"].money == Decimal("54.30")
    assert check_books(berlin.counter.conn).closed


def test_what_shops_say_is_what_the_ready_made_journeys_hear(tehran: CountedShop) -> None:
    """All of them live at once in a new workspace: each that hears a shop is entered, and nobody is set aside."""
    sara = billing("سارا", "09121111111", "sara@home.example")
    tehran.use(*KEYS)
    look = {
        "product_id": 93,
        "name": "لیوان",
        "url": "https://livan.example/product/blue/",
        "category": "home",
        "price": "240000",
    }
    tehran.hears("order.updated", order(700, sara, "processing", tehran.now, meta_data=TICKED))
    tehran.goes_on(NOON + HOUR)
    tehran.hears(
        "order.updated", order(700, sara, "completed", NOON, date_modified_gmt=at(tehran.now), meta_data=TICKED)
    )
    tehran.goes_on(NOON + 2 * HOUR)
    for _ in range(3):
        tehran.hears(
            "product.viewed", {"product": look, "visitor": "v-1", "customer_id": 0, "billing": sara, "currency": "IRT"}
        )
    tehran.goes_on(NOON + 7 * HOUR)
    tehran.hears("cart.updated", {**cart("c-1", sara), "billing": None})
    tehran.hears("checkout.updated", cart("c-1", sara))
    tehran.goes_on(NOON + 8 * HOUR, HOUR / 2)
    tehran.hears("order.updated", order(701, sara, "failed", tehran.now))
    tehran.goes_on(NOON + 9 * HOUR)
    for number in (702, 703, 704):
        tehran.hears("order.updated", order(number, sara, "processing", tehran.now))
    tehran.goes_on(NOON + 10 * HOUR)
    rows = tehran.counter.conn.execute(
        "SELECT j.key, bool_or(e.state = 3) FROM enrollment e JOIN journeys_journey j ON j.id = e.journey_id WHERE e.workspace_id = %s GROUP BY 1",
        (tehran.workspace.pk,),
    ).fetchall()
    assert {key for key, aside in rows if aside} == set()
    waits = {"birthday", "win-back"}  # for a day of the year, and for three months
    assert set(KEYS) - {key for key, _ in rows} == waits
