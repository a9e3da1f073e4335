"""Files of orders of several makes, read into orders and told as events."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from safar.journeys.lookback.columns import guess_columns
from safar.journeys.lookback.orders import Orders, read_orders
from safar.journeys.lookback.story import tell
from safar.lib.faults import Refused

ZONE = ZoneInfo("Asia/Tehran")
SHOPIFY = """Name,Email,Financial Status,Paid at,Currency,Total,Refunded Amount,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Phone
#1001,sara@home.example,paid,2024-03-05 10:22:01 +0100,EUR,44.80,0.00,2,Mug,19.90,Sara,
#1001,,,,,,,1,Spoon,5.00,,
#1002,ali@home.example,partially_refunded,2024-03-06 10:22:01 +0100,EUR,19.90,5.00,1,Mug,19.90,Ali,
#1003,mina@home.example,voided,,EUR,19.90,0.00,1,Mug,19.90,Mina,
"""
WOO = """شماره سفارش,تاریخ سفارش,وضعیت,مبلغ کل,موبایل,نام
۱۲,۱۴۰۲/۱۲/۲۹ ۱۰:۰۰,تکمیل شده,۱٬۲۵۰٬۰۰۰ تومان,۰۹۱۲۱۲۳۴۵۶۷,سارا
۱۳,۱۴۰۳/۰۱/۱۵ ۱۰:۰۰,لغو شده,۴۰۰٬۰۰۰ تومان,۰۹۱۲۱۲۳۴۵۶۷,سارا
۱۴,۱۴۰۳/۰۲/۰۱,مسترد شده,۹۰۰٬۰۰۰ تومان,9129998877,علی
"""
TILL = """InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID
1,6,12/1/2010 8:26,2.55,17850.0
1,2,12/1/2010 8:26,10,17850.0
C2,-1,12/14/2010 9:00,2.55,17850.0
3,1,12/2/2010 8:26,3,
"""


def read(tmp_path: Path, text: str) -> Orders:
    file = tmp_path / "orders.csv"
    file.write_text(text, encoding="utf-8")
    return read_orders(file, ZONE)


def events(orders: Orders) -> list[tuple[str, str, str]]:
    """(who, event, total or order)"""
    told = [json.loads(line) for line in tell(orders.found)]
    return [
        (one["userId"], one["event"], str(one["properties"].get("total", one["properties"]["order_id"])))
        for one in told
        if one["type"] == "track"
    ]


def test_a_shops_rows_of_articles_become_orders(tmp_path: Path) -> None:
    orders = read(tmp_path, SHOPIFY)
    assert [(one.number, one.paid, len(one.products)) for one in orders.found] == [
        ("#1001", Decimal("44.80"), 2),
        ("#1002", Decimal("19.90"), 1),
    ]
    assert events(orders) == [
        ("sara@home.example", "Order Completed", "44.80"),
        ("ali@home.example", "Order Completed", "19.90"),
        ("ali@home.example", "Order Refunded", "5.00"),
    ]


def test_persian_headers_digits_and_days(tmp_path: Path) -> None:
    orders = read(tmp_path, WOO)
    assert (orders.rows, orders.never, orders.refused) == (3, 1, 0)
    first = orders.found[0]
    assert (first.number, first.who, first.paid, first.at.isoformat()) == (
        "۱۲",
        "+989121234567",
        Decimal(1250000),
        "2024-03-19T06:30:00+00:00",
    )
    assert [event for _, event, _ in events(orders)] == ["Order Completed", "Order Completed", "Order Cancelled"]


def test_a_tills_rows_without_a_total_and_what_is_left_out(tmp_path: Path) -> None:
    orders = read(tmp_path, TILL)
    assert [(one.who, one.paid) for one in orders.found] == [("17850", Decimal("35.30"))]
    assert [(one.line, one.message) for one in orders.refusals] == [
        (4, "gives something back without saying of which order"),
        (5, "names nobody"),
    ]


def test_everybody_is_known_and_has_agreed_before_the_first_order(tmp_path: Path) -> None:
    told = [json.loads(line) for line in tell(read(tmp_path, WOO).found)]
    moments = [one["receivedAt"] for one in told]
    assert moments == sorted(moments)
    assert [one["type"] for one in told[:2]] == ["identify", "identify"]
    assert told[0]["context"] == {"consent": {"sms": "given"}}
    assert told[0]["traits"] == {"phone": "+989121234567", "name": "سارا"}


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("email,total", "no column says when it was ordered"),
        ("date,total", "no column says who ordered"),
        ("date,email", "no column says how much it was"),
    ],
)
def test_a_file_that_does_not_say_enough(tmp_path: Path, header: str, missing: str) -> None:
    with pytest.raises(Refused, match=missing):
        read(tmp_path, f"{header}\n1,2\n")


@pytest.mark.parametrize("text", ["\n", "\0"])
def test_a_file_without_a_header(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused):
        read(tmp_path, text)


def test_one_column_is_one_thing() -> None:
    header = ["Order ID", "Date", "Customer", "Email", "Order Total Amount", "Amount"]
    assert guess_columns(header) == {"order": 0, "at": 1, "email": 3, "name": 2, "total": 4}
