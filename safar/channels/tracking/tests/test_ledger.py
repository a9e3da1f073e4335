"""Hits wait in memory for one another, and for a database that is away."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.channels.tracking.ledger import Ledger
from safar.channels.tracking.machines import Hit
from safar.channels.tracking.tokens import OPENED, Tracked
from safar.outbox.tests.house import NOON, Shop
from safar.postgres.connections import connect

PHONE = "Mozilla/5.0 (iPhone) Mobile Safari"


@pytest.fixture
def ledger(database_url, monkeypatch):
    monkeypatch.setattr(Ledger, "_run", lambda self: None)  # by hand: no thread of its own
    return Ledger(lambda: connect(database_url, application_name="safar tests"), most=5)


@pytest.fixture
def message(conn, database_url):
    shop = Shop(conn)
    shop.decide(shop.person("Sara"))
    dispatcher = Dispatcher(database_url, "test", sending=sending())
    dispatcher.run_once(NOON)
    dispatcher.close()
    row = conn.execute("SELECT workspace_id, bucket, id FROM message WHERE workspace_id = %s", (shop.id,)).fetchone()
    return shop, Tracked(*row, OPENED)


def hit(what, link=OPENED, agent=PHONE):
    where = Tracked(what.workspace_id, what.bucket, what.message_id, link)
    return Hit(where, NOON + timedelta(minutes=5), agent=agent)


def opened(shop):
    return [name for name, _ in shop.events() if "opened" in name or "clicked" in name]


def test_a_flood_of_one_link_is_one_hit(ledger, message):
    shop, what = message
    assert all(ledger.put(hit(what)) for _ in range(10_000))
    assert len(ledger) == 1
    assert ledger.flush()
    assert len(ledger) == 0
    assert opened(shop) == ["email_opened"]


def test_what_is_too_much_is_dropped_and_counted(ledger, message):
    _, what = message
    assert [ledger.put(hit(what, agent=f"{PHONE} {n}")) for n in range(7)] == [True] * 5 + [False] * 2
    assert ledger.dropped == 2
    assert ledger.flush()
    assert ledger.dropped == 0


def test_links_are_judged_together(ledger, message):
    shop, what = message
    for link in (100, 101, 102):
        ledger.put(hit(what, link))
    assert ledger.flush(settled=3600)  # they may not be all yet
    assert opened(shop) == []
    ledger.flush()
    assert opened(shop) == ["email_clicked_by_machine"] * 3


def test_a_database_that_is_away_loses_nothing(ledger, message):
    shop, what = message
    there, away = ledger._connect, psycopg.OperationalError("away")

    def refuse():
        raise away

    ledger._connect = refuse
    ledger.put(hit(what))
    assert not ledger.flush()
    assert len(ledger) == 1
    ledger.put(hit(what))  # the same again
    assert len(ledger) == 1
    ledger._connect = there
    assert ledger.flush()
    assert opened(shop) == ["email_opened"]


def test_what_waits_is_written_at_the_end(database_url, message):
    shop, what = message
    ledger = Ledger(lambda: connect(database_url, application_name="safar tests"))
    ledger.put(hit(what))
    ledger.stop()
    assert opened(shop) == ["email_opened"]
    assert not ledger.put(hit(what))
