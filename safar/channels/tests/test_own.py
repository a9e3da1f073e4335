"""A workspace's own service: kept sealed, used for its messages alone, refused alone."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from safar.channels.provider import Accepted, AccountRefused, Line
from safar.channels.services.own import opened, read_owns, read_services, remove_service, set_service
from safar.channels.services.sealing import seal, unseal
from safar.channels.tests.own import ALI, Pigeon, connect_own, decide_sms, dispatcher_with, kinds_with
from safar.channels.tests.settings import SECRET, states
from safar.lib.faults import Refused
from safar.outbox.books import read_books
from safar.outbox.tests.house import NOON, Shop

MINUTE = timedelta(minutes=1)


@pytest.fixture
def loft():
    return Pigeon()


@pytest.fixture
def kinds(loft):
    return kinds_with(loft)


@pytest.fixture
def carrier(database_url, shop, kinds):
    shop.conn.execute("TRUNCATE service")
    one = dispatcher_with(database_url, kinds)
    yield one
    one.close()


def test_an_sms_leaves_by_the_workspaces_own_account(shop, loft, kinds, carrier):
    connect_own(shop, kinds, key="k1", sender="10004346")
    sara = shop.person("Sara")
    decide_sms(shop, sara)
    assert carrier.run_once(NOON) == 1
    message = shop.message(sara)
    assert (message["state"], message["provider"], message["provider_id"]) == ("accepted", "pigeon", "p0")
    assert message["sender"] == "10004346"
    ((key, parcel),) = loft.flown
    assert (key, parcel.address) == ("k1", "+989121234567")
    assert parcel.source.decode().startswith("سلام Sara")


def test_without_an_account_it_stays_and_with_another_mode_too(shop, loft, kinds, carrier, conn):
    other = Shop(conn, mode="mailbox")
    connect_own(other, kinds, key="k1")
    shop.template("offer", {"en": {"text": "Hello\nلغو۱۱"}}, channel="sms")
    sara, ali = shop.person("Sara"), other.person("Ali")
    decide_sms(shop, sara)
    decide_sms(other, ali, ALI)
    carrier.run_once(NOON)
    assert loft.flown == []
    assert shop.message(sara)["provider"] == other.message(ali)["provider"] == "mailbox"


def test_a_refusal_of_one_account_concerns_one_workspace(shop, loft, kinds, carrier, conn):
    other = Shop(conn, mode="live")
    connect_own(shop, kinds, key="poor")
    connect_own(other, kinds, key="rich")
    loft.says["poor"] = [AccountRefused("credit", "418 no credit")] * 9
    people = [shop.person() for _ in range(3)]
    for person in people:
        decide_sms(shop, person)
    ali = other.person("Ali")
    decide_sms(other, ali, ALI)
    carrier.run_once(NOON)
    assert other.message(ali)["state"] == "accepted"
    assert conn.execute("SELECT provider, workspace_id, reason FROM circuit").fetchall() == [
        ("pigeon:own", shop.id, "credit")
    ]
    ((workspace_id, words),) = conn.execute(
        "SELECT workspace_id, words FROM team_notice WHERE over_at IS NULL"
    ).fetchall()
    assert workspace_id == shop.id
    assert "اعتبار" in words["fa"]
    mina = other.person("Mina")
    decide_sms(other, mina, ALI)
    carrier.run_once(NOON + MINUTE)
    assert other.message(mina)["state"] == "accepted"
    loft.says.clear()
    for minutes in (2, 4, 6):
        carrier.run_once(NOON + minutes * MINUTE)
    assert states(shop, people) == ["accepted"] * 3
    assert conn.execute("SELECT FROM circuit").fetchall() == []
    assert all(line.closes for line in read_books(conn, other.id))


def test_a_new_key_is_tried_at_once_and_on_new_lines(shop, loft, kinds, carrier, conn):
    connect_own(shop, kinds, key="wrong")
    loft.says["wrong"] = [AccountRefused("login", "401")] * 9
    sara = shop.person("Sara")
    decide_sms(shop, sara)
    carrier.run_once(NOON)
    assert conn.execute("SELECT reason FROM circuit").fetchall() == [("login",)]
    connect_own(shop, kinds, key="right")
    assert conn.execute("SELECT FROM circuit").fetchall() == []
    assert conn.execute("SELECT FROM team_notice WHERE over_at IS NULL").fetchall() == []
    carrier.run_once(NOON + MINUTE)
    assert [key for key, _ in loft.flown] == ["right"]


def test_a_slow_account_keeps_nobody_else_waiting(shop, loft, kinds, carrier, conn):
    """All lines of one account hang, and more is ready for it than they can take; another workspace's message goes out meanwhile."""
    other = Shop(conn, mode="live")
    connect_own(shop, kinds, key="slow")
    connect_own(other, kinds, key="fast")
    release = threading.Event()

    class Hanging(Line):
        def hand_over(self, parcel):
            release.wait(30)
            return Accepted("late")

    swift = loft.open_own
    loft.open_own = lambda sending, own, settings: (
        Hanging() if settings["key"] == "slow" else swift(sending, own, settings)
    )
    people = [shop.person() for _ in range(60)]
    for person in people:
        decide_sms(shop, person)
    ali = other.person("Ali")
    other.template("offer", {"en": {"text": "Hello\nلغو۱۱"}}, channel="sms")
    stop = threading.Event()
    thread = threading.Thread(target=carrier.run_forever, args=(stop,))
    thread.start()
    try:
        waiter = threading.Event()
        flying = "SELECT count(*) FROM outbox WHERE workspace_id = %s AND state = 2"
        for _ in range(500):
            if conn.execute(flying, (shop.id,)).fetchone()[0] == 4:
                break
            waiter.wait(0.02)
        decide_sms(other, ali, ALI)
        conn.execute("NOTIFY safar_outbox")
        for _ in range(1000):
            if any(key == "fast" for key, _ in loft.flown):
                break
            waiter.wait(0.02)
        assert [key for key, _ in loft.flown] == ["fast"]
    finally:
        release.set()
        stop.set()
        thread.join(30)
    assert conn.execute(flying, (shop.id,)).fetchone()[0] == 0
    conn.execute("DELETE FROM outbox WHERE workspace_id = %s", (shop.id,))


def test_lines_that_nobody_uses_end(shop, loft, kinds, carrier, monkeypatch):
    connect_own(shop, kinds, key="k1")
    decide_sms(shop, shop.person())
    carrier.run_once(NOON)
    assert len(carrier.exchange.lines) == 1
    monkeypatch.setattr("safar.channels.sending.exchange.UNUSED_SECONDS", -1.0)
    carrier.run_once(NOON)
    assert len(carrier.exchange.lines) == 0


def test_what_is_secret_only_goes_in(shop, kinds, conn):
    connect_own(shop, kinds, key="very secret", sender="1000")
    kept = read_services(conn, shop.id)["sms"]
    assert "very secret" not in repr(kept)
    assert "very secret" not in repr(read_owns(conn, shop.id))
    stored = conn.execute(
        "SELECT settings::text || encode(sealed, 'escape') FROM service WHERE workspace_id = %s", (shop.id,)
    )
    assert "very secret" not in stored.fetchone()[0]
    # Left empty it stays, and what is the same is no change.
    given = {"workspace_id": shop.id, "channel": "sms", "provider": "pigeon", "keys": [SECRET], "kinds": kinds}
    assert set_service(conn, given={"key": "", "sender": "1000"}, **given) == []
    assert set_service(conn, given={"key": "", "sender": "2000"}, **given) == ["sender"]
    assert opened(read_owns(conn, shop.id)["sms"], [SECRET]) == {"key": "very secret", "sender": "2000"}


def test_the_secret_key_of_the_installation_may_change(shop, loft, kinds, database_url, conn):
    connect_own(shop, kinds, key="k1")
    other = "another key of the installation, long enough"
    own = read_owns(conn, shop.id)["sms"]
    assert opened(own, [other, SECRET])["key"] == "k1"
    sealed = seal({"key": "k1"}, [other, SECRET])
    assert unseal(sealed, [other]) == {"key": "k1"}
    with pytest.raises(ValueError, match="enter it again"):
        opened(own, [other])
    # A dispatcher that cannot open it says so; the message waits.
    sara = shop.person("Sara")
    decide_sms(shop, sara)
    one = dispatcher_with(database_url, kinds, secret_key=other)
    one.run_once(NOON)
    one.close()
    assert shop.outbox(sara)["state"] == 0
    assert conn.execute("SELECT reason, said FROM circuit").fetchone()[0] == "settings"
    conn.execute("DELETE FROM circuit")


def test_removed_it_stays_in_the_mailbox(shop, loft, kinds, carrier, conn):
    connect_own(shop, kinds, key="k1")
    assert remove_service(conn, workspace_id=shop.id, channel="sms")
    assert not remove_service(conn, workspace_id=shop.id, channel="sms")
    sara = shop.person("Sara")
    decide_sms(shop, sara)
    carrier.run_once(NOON)
    assert (loft.flown, shop.message(sara)["provider"]) == ([], "mailbox")


def test_a_demo_has_none(shop, kinds, conn):
    conn.execute("UPDATE accounts_workspace SET demo = true WHERE id = %s", (shop.id,))
    with pytest.raises(Refused, match="a demo sends nothing"):
        connect_own(shop, kinds, key="k1")
    assert read_services(conn, shop.id) == {}


@pytest.mark.parametrize(
    ("provider", "given", "places"),
    [
        ("pigeon", {}, ["key"]),
        ("pigeon", {"key": "k" * 301}, ["key"]),
        ("pigeon", {"key": "a\nb"}, ["key"]),
        ("pigeon", {"key": "k", "colour": "red"}, ["colour"]),
        ("raven", {"key": "k"}, ["provider"]),
        ("smtp", {}, ["provider"]),
        ("mailbox", {}, ["provider"]),
    ],
)
def test_settings_that_are_none(shop, kinds, conn, provider, given, places):
    with pytest.raises(Refused) as refused:
        set_service(
            conn, workspace_id=shop.id, channel="sms", provider=provider, given=given, keys=[SECRET], kinds=kinds
        )
    assert [fault.place for fault in refused.value.faults] == places
    assert read_services(conn, shop.id) == {}
