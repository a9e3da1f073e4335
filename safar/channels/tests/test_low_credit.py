"""An SMS account whose money runs low is told of once, and no more when it was charged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from safar.channels.provider import providers
from safar.channels.sending.material import read_workspace
from safar.channels.services.http_line import Credit
from safar.channels.services.own import remove_service, set_service
from safar.channels.sms.low_credit import parts_left, watch_credit
from safar.channels.tests.own import Pigeon, connect_own, kinds_with
from safar.channels.tests.settings import SECRET, sending
from safar.outbox.tests.house import NOON


@pytest.fixture
def left(shop, monkeypatch):
    """The credit that the service tells; None: it does not answer."""
    told = [Credit("90", "parts")]

    def ask(conn, workspace_id, channel, *, sending):
        if told[0] is None:
            raise ValueError("nobody there")
        return told[0] if workspace_id == shop.id else None

    monkeypatch.setattr("safar.channels.sms.low_credit.read_credit", ask)
    given = {"username": "u", "key": "k", "sender": "1000"}
    fields = {field.name for field in providers()["kavenegar"].fields}
    set_service(
        shop.conn,
        workspace_id=shop.id,
        channel="sms",
        provider="kavenegar",
        given={name: value for name, value in given.items() if name in fields},
        keys=[SECRET],
    )
    shop.conn.execute("UPDATE service SET credit_at = %s WHERE workspace_id = %s", (NOON, shop.id))
    return told


def watch(shop, at):
    return watch_credit(shop.conn, kinds=providers(), sending=sending(), now=at)


def warnings(shop):
    return shop.conn.execute(
        "SELECT words ->> 'en', over_at IS NULL FROM team_notice WHERE workspace_id = %s ORDER BY id", (shop.id,)
    ).fetchall()


def test_low_is_told_once_and_over_when_it_was_charged(shop, left):
    assert watch(shop, NOON) == 1
    assert watch(shop, NOON + timedelta(minutes=30)) == 0, "asked once an hour"
    left[0] = Credit("80", "parts")
    assert watch(shop, NOON + timedelta(hours=1)) == 1
    assert [open for _, open in warnings(shop)] == [True]
    assert "credit for about 80 parts" in warnings(shop)[0][0]
    left[0] = None
    assert watch(shop, NOON + timedelta(hours=2)) == 0
    assert [open for _, open in warnings(shop)] == [True]
    left[0] = Credit("5000", "parts")
    watch(shop, NOON + timedelta(hours=3))
    assert [open for _, open in warnings(shop)] == [False]


def test_low_is_what_would_not_last_three_days_more(shop, left):
    left[0] = Credit("500", "parts")
    assert watch(shop, NOON) == 0
    shop.conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
        " state, provider, parts, decided_at) VALUES (0, %s, %s, 0, 0, %s, 0, 0, 0, 'test', 'sms', 'test', 'accepted', 'kavenegar', 501, %s)",
        (shop.id, shop.id, -shop.id, NOON),
    )
    assert watch(shop, NOON + timedelta(hours=1)) == 1


def test_without_a_service_there_is_nothing_to_charge(shop, left):
    watch(shop, NOON)
    remove_service(shop.conn, workspace_id=shop.id, channel="sms")
    watch(shop, NOON + timedelta(minutes=1))
    assert [open for _, open in warnings(shop)] == [False]


def test_an_account_that_does_not_tell_is_not_called_low(shop, left):
    watch(shop, NOON)
    left[0] = Credit("90", "gold")
    watch(shop, NOON + timedelta(hours=1))
    assert [open for _, open in warnings(shop)] == [False]
    left[0] = Credit("90", "parts")
    watch(shop, NOON + timedelta(hours=2))
    connect_own(shop, kinds_with(Pigeon()), key="a")  # which tells nothing
    watch(shop, NOON + timedelta(hours=2, minutes=1))
    assert [open for _, open in warnings(shop)] == [False, False]


@pytest.mark.parametrize(
    ("credit", "price", "currency", "parts"),
    [
        (Credit("120", "parts"), None, "EUR", 120),
        (Credit("50000", "rial"), "500", "IRR", 100),
        (Credit("5000", "toman"), "500", "IRR", 100),
        (Credit("5000", "rial"), "500", "EUR", None),
        (Credit("12.5", "USD"), "0.05", "USD", 250),
        (Credit("12.5", "USD"), None, "USD", None),
        (Credit("lots", "parts"), None, "USD", None),
        (Credit("nan", "rial"), "500", "IRR", None),
        (Credit("Infinity", "parts"), None, "USD", None),
        (Credit("1e999999999999", "parts"), None, "USD", None),
    ],
)
def test_parts_that_money_lasts_for(shop, credit, price, currency, parts):
    workspace = read_workspace(shop.conn, shop.id, "sms")
    assert workspace is not None
    priced = replace(workspace, currency=currency, part_price=Decimal(price) if price else None)
    assert parts_left(credit, priced) == parts
