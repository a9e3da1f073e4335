"""Money in other currencies: valued by the day it was paid, counted anew when the rates change."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from safar.accounts.models import AuditEntry, Workspace
from safar.accounts.services import create_workspace
from safar.contacts.rates import Rate, Unrated, find_unrated, read_rates
from safar.events.accept import accept
from safar.events.message import check_message
from safar.events.recounting import drop_rate, set_rates
from safar.journeys import services
from safar.journeys.engine.loop import Engine
from safar.journeys.models import Journey
from safar.lib.faults import Faults, Refused

NOW = datetime.now(UTC)
TODAY = (NOW - timedelta(days=1)).date()  # so that midnight may come in the middle of a test
JOURNEY = {
    "journey": "j",
    "title": {"en": "J"},
    "settings": {"goal": {"event": "Order Completed", "money": "total"}},
    "start": {"go": {"kind": "event", "event": "Go", "next": "rich"}},
    "points": {
        "rich": {"kind": "wait", "for": {"fact": "spent", "at_least": 1000}, "at_most": "P30D", "paths": {"happened": "tag"}},
        "tag": {"kind": "add_tag", "tag": "rich"},
    },
}  # fmt: skip


class Shop:
    def __init__(self, conn: Any, url: str, currency: str = "IRR") -> None:
        slug = f"shop-{Workspace.objects.count()}"
        self.conn, self.url = conn, url
        self.workspace = create_workspace(slug=slug, name=slug, zone="UTC", currency=currency)

    def hears(self, who: str, event: str, at: datetime | None = None, **properties: Any) -> None:
        when = (at or datetime.now(UTC)).isoformat()
        said = {"type": "track", "userId": who, "event": event, "properties": properties, "timestamp": when}
        message = check_message(said, Faults(), received=datetime.now(UTC), trusted=True)
        assert message is not None
        accept(self.conn, self.workspace.pk, [message], trusted=True)
        self.work()

    def work(self) -> None:
        engine = Engine(self.url, now=lambda: datetime.now(UTC) + timedelta(minutes=1))
        while engine.run_once():
            pass
        engine.close()

    def facts(self, who: str) -> tuple[int, Decimal, Decimal]:
        row = self.conn.execute(
            "SELECT f.orders, f.spent, f.cart_value FROM contact_facts f JOIN contact c ON c.bucket = f.bucket AND c.id = f.contact_id"
            " WHERE c.workspace_id = %s AND c.external_id = %s",
            (self.workspace.pk, who),
        ).fetchone()
        assert row is not None
        return row

    def sets(self, currency: str, day: date, rate: str) -> int:
        people = set_rates(self.conn, workspace=self.workspace, rates=[Rate(currency, day, Decimal(rate))])
        self.work()
        return people


@pytest.fixture
def shop(conn, database_url) -> Shop:
    return Shop(conn, database_url)


def test_a_rate_that_comes_later_counts_for_what_was_paid_before(shop: Shop) -> None:
    before = NOW - timedelta(days=3)
    shop.hears("sara", "Order Completed", before, order_id="1", total=2, currency="EUR")
    shop.hears("sara", "Order Refunded", before, order_id="1", total=50)
    shop.hears("sara", "Cart Updated", cart_value=3, currency="eur")
    shop.hears("ali", "Order Completed", order_id="2", total=700)
    assert (shop.facts("sara"), shop.facts("ali")) == ((0, 0, 0), (1, 700, 0)), (
        "a refund of what is worth nothing is whole"
    )
    assert find_unrated(shop.conn, shop.workspace.pk) == [Unrated("EUR", 1, before.date(), before.date())]

    assert shop.sets("EUR", before.date(), "100") == 1, "only Sara is counted anew"
    assert shop.facts("sara") == (1, 150, 300)
    assert find_unrated(shop.conn, shop.workspace.pk) == []

    assert shop.sets("EUR", TODAY, "200") == 1
    assert shop.facts("sara") == (1, 150, 600), "the order keeps the rate of its day"
    assert [rate.day for rate in read_rates(shop.conn, shop.workspace.pk)] == [TODAY, before.date()]

    assert drop_rate(shop.conn, workspace=shop.workspace, currency="EUR", day=before.date())
    shop.work()
    assert shop.facts("sara") == (0, 0, 600)
    assert not drop_rate(shop.conn, workspace=shop.workspace, currency="EUR", day=before.date())
    told = AuditEntry.objects.filter(workspace=shop.workspace, action__in=("set_rate", "drop_rate"))
    assert [entry.action for entry in told.order_by("id")] == ["set_rate", "set_rate", "drop_rate"]


def test_conditions_hear_of_it_and_a_goal_keeps_its_money(shop: Shop) -> None:
    services.apply_journey(shop.workspace, json.dumps(JOURNEY))
    services.publish(shop.workspace, "j", connection=shop.conn)
    shop.hears("ali", "Order Completed", order_id="1", total=4, currency="USD")
    for who in ("sara", "ali"):
        shop.hears(who, "Go")
    shop.hears("sara", "Order Completed", order_id="2", total=4, currency="USD")
    shop.sets("USD", TODAY, "500")
    journey = Journey.objects.get(workspace=shop.workspace, key="j")
    goals = shop.conn.execute(
        "SELECT c.external_id, e.goal_at IS NOT NULL, e.goal_money, e.state = 1 FROM enrollment e"
        " JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id WHERE e.journey_id = %s ORDER BY 1",
        (journey.pk,),
    ).fetchall()
    assert goals == [("ali", False, None, True), ("sara", True, None, False)], (
        "Ali's wait ended by the rate; Sara's goal stays as it was"
    )
    tags = shop.conn.execute("SELECT c.external_id FROM contact_tag t JOIN contact c ON c.id = t.contact_id").fetchall()
    assert tags == [("ali",)]

    shop.hears("mina", "Go")
    shop.hears("mina", "Order Completed", order_id="3", total=3, currency="USD")
    money = shop.conn.execute(
        "SELECT e.goal_money FROM enrollment e JOIN contact c ON c.id = e.contact_id WHERE c.external_id = 'mina'"
    ).fetchone()
    assert money == (1500,)


def test_rates_of_one_shop_are_none_of_anothers(shop: Shop) -> None:
    other = Shop(shop.conn, shop.url, currency="USD")
    shop.sets("EUR", TODAY, "100")
    other.hears("sara", "Order Completed", order_id="1", total=2, currency="EUR")
    assert other.facts("sara") == (1, 0, 0)
    assert shop.sets("EUR", TODAY, "200") == 0, "nobody of the other's is counted anew"
    assert other.sets("IRR", TODAY, "0.001") == 0
    other.hears("ali", "Order Completed", order_id="1", total=300, currency="IRT")
    assert other.facts("ali") == (1, 3, 0)


@pytest.mark.parametrize(
    ("rate", "place"),
    [
        (Rate("IRT", TODAY, Decimal(10)), "currency"),
        (Rate("IRR", TODAY, Decimal(10)), "currency"),
        (Rate("€", TODAY, Decimal(10)), "currency"),
        (Rate("EUR", date(1, 1, 1), Decimal(10)), "day"),
        (Rate("EUR", TODAY, Decimal(0)), "rate"),
        (Rate("EUR", TODAY, Decimal("NaN")), "rate"),
        (Rate("EUR", TODAY, Decimal("1e13")), "rate"),
        (Rate("EUR", TODAY, Decimal("1e-13")), "rate"),
    ],
)
def test_what_is_no_rate_is_refused_whole(shop: Shop, rate: Rate, place: str) -> None:
    with pytest.raises(Refused) as refused:
        set_rates(shop.conn, workspace=shop.workspace, rates=[Rate("USD", TODAY, Decimal(5)), rate])
    assert [fault.place for fault in refused.value.faults] == [f"1.{place}"]
    assert read_rates(shop.conn, shop.workspace.pk) == []


def test_a_shop_in_euros_takes_rials_by_their_one_rate(shop: Shop) -> None:
    other = Shop(shop.conn, shop.url, currency="EUR")
    with pytest.raises(Refused, match="IRT follows from it"):
        set_rates(shop.conn, workspace=other.workspace, rates=[Rate("IRT", TODAY, Decimal(5))])
