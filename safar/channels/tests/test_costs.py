"""What messages cost: counted on the text that went, at the price of that moment, and summed without a rounding."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from safar.channels.senders import Sender, read_senders, set_sender
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.lib.faults import Refused
from safar.outbox.costs import read_costs
from safar.outbox.tests.house import NOON

LONG = {"en": {"text": "سلام {{ contact.first_name }}، " + "ب" * 80 + "\nلغو۱۱"}}  # two parts of UCS-2


def price(shop, channel, amount):
    line = read_senders(shop.conn, shop.id)[channel]
    set_sender(shop.conn, shop.id, replace(line, part_price=Decimal(amount)))


@pytest.fixture
def kept(database_url, shop):
    """Takes what is due into the mailbox: there is nobody who carries an SMS."""

    def run(now=NOON):
        one = Dispatcher(database_url, "test", sending=sending())
        one.run_once(now)
        one.close()

    shop.template("offer", LONG, channel="sms")
    return run


def decide_sms(shop, person, **more):
    shop.conn.execute("UPDATE contact SET phone = '+989120000001' WHERE id = %s", (person.id,))
    shop.decide(person, channel="sms", template="offer", **more)


def test_an_sms_keeps_its_parts_and_the_price_of_its_moment(shop, kept):
    sara, ali = shop.person("Sara"), shop.person("Ali")
    price(shop, "sms", "118.5")
    decide_sms(shop, sara)
    kept()
    price(shop, "sms", "130")
    decide_sms(shop, ali)
    kept()
    assert [(shop.message(one)["parts"], shop.message(one)["part_price"]) for one in (sara, ali)] == [
        (2, Decimal("118.5")),
        (2, Decimal(130)),
    ]
    (cost,) = read_costs(shop.conn, shop.id, shop.journey_id)
    assert (cost.journey_id, cost.point, cost.channel) == (shop.journey_id, "greet-0", "sms")
    assert (cost.messages, cost.cost) == (0, 0)  # the mailbox is paid nothing
    assert (cost.kept, cost.kept_cost, cost.kept_unpriced, cost.known) == (2, Decimal(497), 0, Decimal(497))


def test_what_went_out_is_told_from_what_was_kept_and_from_what_has_no_price(shop, dispatcher):
    sara, ali, mina = shop.person("Sara"), shop.person("Ali"), shop.person("Mina", consent=None)
    shop.decide(sara)
    dispatcher.run_once(NOON)
    (cost,) = read_costs(shop.conn, shop.id)
    assert (cost.messages, cost.parts, cost.unpriced, cost.cost, cost.known) == (1, 1, 1, 0, None)
    price(shop, "email", "0.1")
    shop.decide(ali, at=NOON + timedelta(days=1))
    shop.decide(mina, at=NOON + timedelta(days=1))
    dispatcher.run_once(NOON + timedelta(days=1))
    (cost,) = read_costs(shop.conn, shop.id)
    assert (cost.messages, cost.unpriced, cost.known) == (2, 1, Decimal("0.1"))
    (cost,) = read_costs(shop.conn, shop.id, since=NOON + timedelta(hours=1))
    assert (cost.messages, cost.unpriced) == (1, 0)
    assert read_costs(shop.conn, shop.id, until=NOON) == []
    assert read_costs(shop.conn, shop.id + 1) == []


def test_what_is_refused_costs_nothing_and_a_retry_costs_once(shop, sink, dispatcher):
    sara, ali = shop.person("Sara"), shop.person("Ali")
    price(shop, "email", "2")
    shop.decide(sara)
    sink.say("rcpt", "450 4.2.0 greylisted")
    dispatcher.run_once(NOON)
    assert read_costs(shop.conn, shop.id) == []
    dispatcher.run_once(NOON + timedelta(minutes=1))
    sink.say("rcpt", "550 5.1.1 no such user")
    shop.decide(ali, at=NOON + timedelta(minutes=2))
    dispatcher.run_once(NOON + timedelta(minutes=2))
    assert [(one.messages, one.cost) for one in read_costs(shop.conn, shop.id)] == [(1, Decimal(2))]


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1e40"])
def test_no_price_that_is_none(shop, amount):
    with pytest.raises(Refused) as refused:
        set_sender(shop.conn, shop.id, Sender("sms", part_price=Decimal(amount)))
    assert [fault.place for fault in refused.value.faults] == ["part_price"]
