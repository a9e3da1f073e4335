"""The ready-made journeys over a small shop's year: who would have been reached, and what lies within reach, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from safar.journeys.backtest.run import Setting
from safar.journeys.lookback.looking import LookBack, look_back_on_orders, shelf
from safar.journeys.lookback.orders import Order
from safar.journeys.lookback.reach import Weights
from safar.lib.faults import Refused

PRICES = {"email": Decimal("0.01"), "sms": Decimal("0.05")}
LAST = datetime(2025, 6, 1, 9, tzinfo=UTC)


def order(number: int, who: str, days_before: int, total: int = 100) -> Order:
    at = LAST - timedelta(days=days_before)
    return Order(str(number), who, at, f"{who}@home.example", None, who.title(), None, "EUR", "paid", Decimal(total))


@pytest.fixture(scope="module")
def found(database_url: str) -> LookBack:
    orders = [
        order(1, "mina", 500),  # before the year: not a first order of the year, and lapsed before it begins
        order(2, "sara", 300),  # first order; the second one after 40 days
        order(3, "sara", 260, 300),
        order(4, "ali", 200),  # first order, and never again
        order(5, "mina", 0),
    ]
    return look_back_on_orders(database_url, orders, Setting("UTC"), Weights("en", PRICES))


def test_the_year_is_the_last_of_the_file(found: LookBack) -> None:
    assert (found.past.until - found.past.since, found.past.until - LAST) == (timedelta(days=365), timedelta(seconds=1))
    assert (found.past.orders, found.past.contacts) == (5, 3)
    assert (found.past.average, found.past.currency) == (Decimal(140), "EUR")


def test_whom_the_second_purchase_would_have_reached(found: LookBack) -> None:
    second = next(each for each in found.journeys if each.key == "second-purchase")
    assert (second.people, second.trips) == (2, 2)
    assert (second.returned, second.returned_money, second.missed) == (1, Decimal(300), 1)
    assert second.within == {3: Decimal("4.20"), 5: Decimal("7.00"), 8: Decimal("11.20")}
    # Ali gets both e-mails; Sara both too, her order came on day 40. Nobody left a number.
    assert second.messages == {"email": 4}
    assert second.cost == Decimal("0.04")


def test_whom_win_back_would_have_reached(found: LookBack) -> None:
    """Sara 90 days after her second order, Ali after his only one; Mina had lapsed before the year began."""
    back = next(each for each in found.journeys if each.key == "win-back")
    assert (back.people, back.returned, back.missed) == (2, 0, 2)
    assert back.within is not None
    assert back.within[5] == Decimal("14.00")


def test_the_best_stands_first_and_the_others_say_what_they_need(found: LookBack) -> None:
    gains = [each.gain for each in found.journeys]
    assert gains == sorted(gains, reverse=True)
    assert found.journeys[0].key == "win-back"
    assert {"welcome", "abandoned-cart", "failed-payment", "birthday"} <= set(found.idle)


def test_it_can_be_kept(found: LookBack) -> None:
    told = found.as_json()
    assert told["past"]["average"] == "140.00"
    assert told["journeys"][0]["within"]["5"] == "14.00"


def test_all_that_writes_is_played_and_nobody_is_held_out() -> None:
    definitions, _ = shelf("fa")
    assert "organise" not in {each.key for each in definitions}
    assert not any(each.settings.control_group for each in definitions)


def test_tomans_stay_tomans(database_url: str) -> None:
    toman = [replace(order(n, "sara", 100 - 50 * n, 1_000_000), currency=None) for n in range(3)]
    found = look_back_on_orders(
        database_url, toman, Setting("UTC", currency="IRT"), Weights("fa", {"email": Decimal(5)})
    )
    assert (found.past.average, found.past.currency) == (Decimal(1_000_000), "IRT")
    second = next(each for each in found.journeys if each.key == "second-purchase")
    assert (second.returned_money, second.cost) == (Decimal(1_000_000), Decimal(10))


def test_prices_in_another_currency_are_not_taken(database_url: str) -> None:
    found = look_back_on_orders(
        database_url, [order(1, "sara", 50), order(2, "ali", 0)], Setting("UTC", currency="IRR"), Weights("en", PRICES)
    )
    assert found.past.currency == "EUR"
    assert {each.cost for each in found.journeys} == {None}


def test_no_order_is_no_past(database_url: str) -> None:
    with pytest.raises(Refused, match="no paid order"):
        look_back_on_orders(database_url, [], Setting("UTC"), Weights("en", PRICES))
