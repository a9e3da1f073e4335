"""Amounts, moments and states as shops and tills write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from safar.events.imports.cells import BadCell
from safar.journeys.lookback.cells import day_comes_first, read_amount, read_at, read_state

TEHRAN, UTC_ZONE = ZoneInfo("Asia/Tehran"), ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12.50", "12.50"),
        ("€1.234,56", "1234.56"),
        ("$1,234.56", "1234.56"),
        ("1'250.00 CHF", "1250.00"),
        ("1,250,000", "1250000"),
        ("1.250.000", "1250000"),
        ("1.250", "1250"),
        ("0.125", "0.125"),
        ("12,5", "12.5"),
        ("۱٬۲۵۰٬۰۰۰ تومان", "1250000"),
        ("۱۲٫۵", "12.5"),
        ("-4.20", "-4.20"),
        ("(4.20)", "-4.20"),
        ("1 250,00 €", "1250.00"),
        ("", None),
    ],
)
def test_an_amount_whatever_stands_around_it(cell: str, amount: str | None) -> None:
    assert read_amount(cell) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("cell", ["free", "–", "1.2.3,4,5"])
def test_what_is_no_amount(cell: str) -> None:
    with pytest.raises(BadCell):
        read_amount(cell)


@pytest.mark.parametrize(
    ("cell", "zone", "day_first", "at"),
    [
        ("2024-03-05 10:22:01 +0000", TEHRAN, None, datetime(2024, 3, 5, 10, 22, 1, tzinfo=UTC)),
        ("2024-03-05T10:22:01Z", TEHRAN, None, datetime(2024, 3, 5, 10, 22, 1, tzinfo=UTC)),
        ("۱۴۰۳/۱۲/۳۰ 20:30", TEHRAN, None, datetime(2025, 3, 20, 17, tzinfo=UTC)),
        ("2024-03-05", UTC_ZONE, None, datetime(2024, 3, 5, 12, tzinfo=UTC)),
        ("3/5/2024 8:05", UTC_ZONE, False, datetime(2024, 3, 5, 8, 5, tzinfo=UTC)),
        ("3/5/2024 8:05", UTC_ZONE, True, datetime(2024, 5, 3, 8, 5, tzinfo=UTC)),
        ("25/12/2024", UTC_ZONE, None, datetime(2024, 12, 25, 12, tzinfo=UTC)),
    ],
)
def test_a_moment_of_either_calendar(cell: str, zone: ZoneInfo, day_first: bool | None, at: datetime) -> None:
    assert read_at(cell, zone, day_first) == at


@pytest.mark.parametrize("cell", ["", "yesterday", "3/5/2024", "2024-02-30"])
def test_what_is_no_moment_or_two(cell: str) -> None:
    with pytest.raises(BadCell):
        read_at(cell, UTC_ZONE, None)


def test_the_whole_file_says_what_stands_first() -> None:
    assert day_comes_first(["3/5/2024", "4/25/2024 10:00"]) is False
    assert day_comes_first(["3/5/2024", "25/4/2024"]) is True
    assert day_comes_first(["3/5/2024", "1403/04/31"]) is None


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("paid", "paid"),
        ("wc-completed", "paid"),
        ("", "paid"),
        ("Cancelled", "never"),
        ("wc-pending", "never"),
        ("در انتظار پرداخت", "never"),
        ("لغو شده", "never"),
        ("refunded", "back"),
        ("partially_refunded", "paid"),
        ("مسترد شده", "back"),
    ],
)
def test_what_never_was_and_what_came_back(cell: str, state: str) -> None:
    assert read_state(cell) == state
