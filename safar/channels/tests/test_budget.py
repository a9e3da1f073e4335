"""A budget a day for SMS: what does not fit waits, nothing is dropped, and no two dispatchers spend the same money."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from safar.channels.pace.budget import WHOLE, Budget, open_purse, read_budgets, set_budget
from safar.channels.provider import NotNow
from safar.channels.senders import Sender, set_sender
from safar.channels.tests.own import Pigeon, connect_own, decide_sms, dispatcher_with, kinds_with
from safar.lib.faults import Refused
from safar.outbox.begin import Ready
from safar.outbox.claim import claim
from safar.outbox.tests.house import NOON

ZONE = "Asia/Tehran"
MIDNIGHT = NOON.replace(hour=20, minute=30)  # in Tehran


@pytest.fixture
def loft():
    return Pigeon()


@pytest.fixture
def kinds(loft):
    return kinds_with(loft)


@pytest.fixture
def shop(shop, kinds):
    shop.conn.execute("TRUNCATE service, sms_budget, sms_spent")
    connect_own(shop, kinds, key="k1")
    set_sender(shop.conn, shop.id, Sender("sms", part_price=Decimal(10)))
    return shop


@pytest.fixture
def carrier(database_url, shop, kinds):
    one = dispatcher_with(database_url, kinds)
    yield one
    one.close()


def crowd(shop, n, **more):
    people = [shop.person() for _ in range(n)]
    for person in people:
        decide_sms(shop, person, f"+98912{person.id % 10_000_000:07}", **more)
    return people


def ready_sms(shop, person):
    """Of one part, at 10."""
    shop.decide(person, channel="sms", template="offer")
    (row,) = claim(shop.conn, workspace_id=shop.id, channel="sms", n=1, token=str(uuid4()), now=NOON)
    return Ready(row, "live", "pigeon", "marketing", parts=1, part_price=Decimal(10))


def today(conn, shop, now=NOON):
    return read_budgets(conn, shop.id, ZONE, now)


def test_what_does_not_fit_waits_for_the_next_day_and_nothing_is_dropped(shop, loft, carrier, conn):
    set_budget(conn, shop.id, WHOLE, Decimal(35), NOON)
    crowd(shop, 5)
    carrier.run_once(NOON)
    assert len(loft.flown) == 3
    assert today(conn, shop) == [Budget(WHOLE, Decimal(35), Decimal(30), True, 2)]
    carrier.run_once(MIDNIGHT - timedelta(seconds=1))
    assert len(loft.flown) == 3
    carrier.run_once(MIDNIGHT)
    assert len(loft.flown) == 5
    assert today(conn, shop, MIDNIGHT) == [Budget(WHOLE, Decimal(35), Decimal(20), False, 0)]


def test_the_team_is_told_once_a_day_and_it_is_over_when_it_is(shop, carrier, conn):
    def notices():
        return conn.execute(
            "SELECT over_at IS NULL, count(*) FROM team_notice WHERE workspace_id = %s GROUP BY 1 ORDER BY 1",
            (shop.id,),
        ).fetchall()

    set_budget(conn, shop.id, WHOLE, Decimal(10), NOON)
    crowd(shop, 2)
    carrier.run_once(NOON)
    crowd(shop, 2)
    carrier.run_once(NOON + timedelta(hours=1))
    assert notices() == [(True, 1)]
    carrier.run_once(MIDNIGHT)
    assert notices() == [(False, 1), (True, 1)]
    set_budget(conn, shop.id, WHOLE, None, MIDNIGHT)
    assert notices() == [(False, 2)]


def test_the_word_about_a_journeys_own_budget_is_over_the_next_day(shop, carrier, conn):
    set_budget(conn, shop.id, shop.journey_id, Decimal(10), NOON)
    crowd(shop, 2)
    carrier.run_once(NOON)
    open_ones = "SELECT count(*) FROM team_notice WHERE workspace_id = %s AND over_at IS NULL"
    assert conn.execute(open_ones, (shop.id,)).fetchone() == (1,)
    carrier.run_once(MIDNIGHT)
    assert conn.execute(open_ones, (shop.id,)).fetchone() == (0,)


def test_what_is_refused_after_midnight_is_given_back_to_the_day_it_was_taken_of(shop, conn):
    set_budget(conn, shop.id, WHOLE, Decimal(100), NOON)
    before, after = MIDNIGHT - timedelta(seconds=5), MIDNIGHT + timedelta(seconds=5)
    late = ready_sms(shop, shop.person())
    with conn.transaction():
        purse = open_purse(conn, [(late, before)], before)
        assert purse.take(late)
        purse.write(conn, before)
    with conn.transaction():
        new = ready_sms(shop, shop.person())
        purse = open_purse(conn, [(late, before), (new, after)], after)
        assert purse.take(new)
        purse.give(late, before)
        purse.write(conn, after)
    assert [today(conn, shop, at)[0].spent for at in (before, after)] == [0, 10]


def test_a_raised_budget_lets_them_go_at_once(shop, loft, carrier, conn):
    set_budget(conn, shop.id, WHOLE, Decimal(10), NOON)
    crowd(shop, 4)
    carrier.run_once(NOON)
    set_budget(conn, shop.id, WHOLE, Decimal(30), NOON)
    carrier.run_once(NOON)
    assert len(loft.flown) == 3
    assert today(conn, shop)[0].waiting == 1


def test_a_journey_has_its_own_within_the_workspaces(shop, loft, carrier, conn):
    set_budget(conn, shop.id, WHOLE, Decimal(1000), NOON)
    set_budget(conn, shop.id, shop.journey_id, Decimal(20), NOON)
    crowd(shop, 3)
    carrier.run_once(NOON)
    assert len(loft.flown) == 2
    assert [(one.journey_id, one.spent, one.used_up) for one in today(conn, shop)] == [
        (WHOLE, Decimal(20), False),
        (shop.journey_id, Decimal(20), True),
    ]


def test_what_a_purchase_itself_needs_counts_and_never_waits(shop, loft, carrier, conn):
    set_budget(conn, shop.id, WHOLE, Decimal(10), NOON)
    crowd(shop, 1)
    carrier.run_once(NOON)
    crowd(shop, 1, **{"class": "transactional"})
    crowd(shop, 1)
    carrier.run_once(NOON)
    assert len(loft.flown) == 2
    assert today(conn, shop)[0].spent == 20


def test_what_waits_for_the_next_day_uses_up_no_rate(shop, loft, carrier, conn):
    set_sender(conn, shop.id, Sender("sms", part_price=Decimal(10), per_hour=20))  # one at a time
    set_budget(conn, shop.id, WHOLE, Decimal(0), NOON)
    crowd(shop, 5, at=NOON - timedelta(minutes=1))
    crowd(shop, 1, **{"class": "transactional"})
    carrier.run_once(NOON)
    assert today(conn, shop)[0].waiting == 5
    assert len(loft.flown) == 1, "what a purchase needs finds the rate as it was"


def test_what_the_gate_or_the_service_holds_back_costs_nothing(shop, loft, carrier, conn):
    set_budget(conn, shop.id, WHOLE, Decimal(20), NOON)
    loft.says["k1"] = [NotNow("busy", "busy")]
    crowd(shop, 1)
    carrier.run_once(NOON)
    assert today(conn, shop)[0].spent == 0
    silent = shop.person(consent=None)
    decide_sms(shop, silent, "+989121119999")
    crowd(shop, 2)
    carrier.run_once(NOON)
    assert len(loft.flown) == 2
    assert today(conn, shop)[0].spent == 20
    assert shop.message(silent)["reason"] == "no_consent"


def test_not_after_runs_while_they_wait(shop, loft, carrier, conn):
    set_budget(conn, shop.id, WHOLE, Decimal(0), NOON)
    (sara,) = crowd(shop, 1, not_after=NOON + timedelta(hours=2))
    carrier.run_once(NOON)
    carrier.run_once(NOON + timedelta(hours=3))
    assert (shop.message(sara)["state"], shop.message(sara)["reason"]) == ("skipped", "expired")
    assert loft.flown == []


def test_eight_dispatchers_at_once_spend_it_to_the_last_coin_and_no_more(shop, loft, kinds, database_url, conn):
    set_budget(conn, shop.id, WHOLE, Decimal(1000), NOON)
    crowd(shop, 160)
    dispatchers = [dispatcher_with(database_url, kinds, batch=7 + n, render_processes=1) for n in range(8)]
    threads = [threading.Thread(target=one.run_once, args=[NOON]) for one in dispatchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in dispatchers:
        one.close()
    assert len(loft.flown) == 100
    assert today(conn, shop) == [Budget(WHOLE, Decimal(1000), Decimal(1000), True, 60)]


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 16])
def test_a_budget_that_is_no_amount_is_refused(shop, conn, amount):
    with pytest.raises(Refused):
        set_budget(conn, shop.id, WHOLE, amount, NOON)
    assert today(conn, shop) == []
