"""What services report of messages: asked of Kavenegar, called in by Twilio; twice, late, forged."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from safar.channels.provider import Report, providers
from safar.channels.providers.kavenegar import Kavenegar, KavenegarLine
from safar.channels.providers.twilio import Twilio
from safar.channels.reports import hearing, polling
from safar.channels.reports.polling import Poller
from safar.channels.reports.reporting import note_report
from safar.channels.services.own import remove_service
from safar.channels.tests import sms_server as sms
from safar.channels.tests.own import connect_own, decide_sms, dispatcher_with
from safar.channels.tests.settings import sending
from safar.channels.tests.sms_server import ACCOUNT, running_sms, speak_kavenegar, speak_twilio
from safar.lib import calls
from safar.outbox.tests.house import NOON, Shop

MINUTE = timedelta(minutes=1)


@pytest.fixture
def kavenegar(monkeypatch, conn):
    conn.execute("TRUNCATE service, report_wait")
    with running_sms(speak_kavenegar) as one:
        monkeypatch.setattr(Kavenegar, "base", one.url)
        yield one


@pytest.fixture
def twilio(monkeypatch, conn):
    conn.execute("TRUNCATE service, report_wait")
    with running_sms(speak_twilio) as one:
        monkeypatch.setattr(Twilio, "base", one.url)
        yield one


@pytest.fixture
def carrier(database_url, shop):
    one = dispatcher_with(database_url, providers())
    yield one
    one.close()


@pytest.fixture
def poller():
    return Poller(sending())


def statuses(**by_number):
    entries = [{"messageid": int(n.strip("_")), "status": status, "statustext": "…"} for n, status in by_number.items()]
    return 200, {"return": {"status": 200, "message": ""}, "entries": entries}


def names(shop):
    return [(name, properties.get("reason")) for name, properties in shop.events()]


def test_kavenegar_is_asked_until_it_knows(shop, kavenegar, carrier, poller, conn):
    connect_own(shop, providers(), "kavenegar", key="good-key")
    sara, ali, mina = people = [shop.person(name) for name in ("Sara", "Ali", "Mina")]
    for number, person in enumerate(people):
        decide_sms(shop, person, f"+98912000000{number}")
    carrier.run_once(NOON)
    numbers = [f"_{shop.message(person)['provider_id']}" for person in people]
    assert poller.poll_once(conn, NOON) == 0  # not yet
    assert all("status" not in asked.path for asked in kavenegar.asked)
    kavenegar.says = [statuses(**dict(zip(numbers, (10, 14, 4), strict=True)))]
    assert poller.poll_once(conn, NOON + MINUTE) == 2
    assert shop.message(sara)["delivered_at"] == NOON + MINUTE
    assert (shop.message(ali)["delivered_at"], shop.message(ali)["undelivered"]) == (None, "blacklisted")
    assert shop.message(ali)["state"] == "accepted"  # it was taken, and paid for
    assert (shop.message(mina)["delivered_at"], shop.message(mina)["undelivered"]) == (None, None)
    assert sorted(names(shop), key=str)[:2] == [("message_delivered", None), ("message_failed", "blacklisted")]
    assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (1,)
    assert poller.poll_once(conn, NOON + 2 * MINUTE) == 0
    assert poller.poll_once(conn, NOON + 3 * MINUTE) == 1
    assert shop.message(mina)["delivered_at"] == NOON + 3 * MINUTE
    assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (0,)


def test_asking_goes_on_when_the_service_does_not_answer_and_ends_at_last(
    shop, kavenegar, carrier, poller, conn, monkeypatch
):
    monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.2)
    connect_own(shop, providers(), "kavenegar", key="good-key")
    sara = shop.person("Sara")
    decide_sms(shop, sara)
    carrier.run_once(NOON)
    for minutes, how in enumerate((sms.BROKEN, sms.GARBAGE, sms.CUT_BEFORE), 1):
        kavenegar.says = [how]
        assert poller.poll_once(conn, NOON + minutes * 10 * MINUTE) == 0
        assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (1,)
    for hours in range(1, 60):
        kavenegar.says = [statuses(_99=10)]  # of another message
        poller.poll_once(conn, NOON + timedelta(hours=hours))
    assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (0,)
    assert shop.message(sara)["delivered_at"] is None


def await_many(conn, shop, provider, number, *, first=1, ask_at=NOON):
    conn.execute(
        "INSERT INTO report_wait (bucket, message_id, workspace_id, channel, provider, provider_id, ask_at, until)"
        " SELECT 1, n, %(shop)s, 'sms', %(provider)s, n::text, %(at)s::timestamptz + n * interval '1 millisecond', %(at)s::timestamptz + interval '47 hours'"
        " FROM generate_series(%(first)s::int, %(last)s) n",
        {"shop": shop.id, "provider": provider, "at": ask_at, "first": first, "last": first + number - 1},
    )


def test_one_with_very_many_takes_nothing_from_the_others_and_none_is_forgotten(
    shop, kavenegar, poller, conn, monkeypatch
):
    monkeypatch.setattr(polling, "AT_ONCE", 60)
    connect_own(shop, providers(), "kavenegar", key="good-key")
    other = Shop(conn, mode="live")
    connect_own(other, providers(), "kavenegar", key="good-key")
    await_many(conn, shop, "kavenegar", 150)
    await_many(conn, other, "kavenegar", 2, first=1_000, ask_at=NOON + MINUTE)
    asked = []
    for _ in range(3):
        poller.poll_once(conn, NOON + 2 * MINUTE)
        asked += [one.form["messageid"].split(",") for one in kavenegar.asked if "messageid" in one.form]
        kavenegar.asked.clear()
    assert sorted(map(len, asked[:2])) == [2, 60]  # both have their turn in the first pass
    whole = [number for some in asked if len(some) > 2 for number in some]
    assert whole == [str(n) for n in range(1, 151)]  # the oldest first, each of them
    assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (0,)


def test_what_a_service_was_not_asked_about_is_the_first_in_the_next_pass(shop, kavenegar, poller, conn, monkeypatch):
    connect_own(shop, providers(), "kavenegar", key="good-key")
    await_many(conn, shop, "kavenegar", 5)
    asked = []

    def ask_two(line, provider_ids):
        asked.append(list(provider_ids))
        return [Report(number, "delivered") for number in provider_ids[:2]]

    monkeypatch.setattr(KavenegarLine, "ask_reports", ask_two)
    for _ in range(4):
        poller.poll_once(conn, NOON + MINUTE)
    assert asked == [["1", "2", "3", "4", "5"], ["3", "4", "5"], ["5"]]


def test_a_slow_service_has_its_seconds_in_a_pass(shop, kavenegar, poller, conn, monkeypatch):
    monkeypatch.setattr(polling, "PATIENCE", -1.0)
    connect_own(shop, providers(), "kavenegar", key="good-key")
    await_many(conn, shop, "kavenegar", 3)
    assert poller.poll_once(conn, NOON + MINUTE) == 0
    assert kavenegar.asked == []
    assert conn.execute("SELECT min(ask_at), count(*), sum(asked) FROM report_wait").fetchone() == (
        NOON + timedelta(milliseconds=1),
        3,
        0,
    )


def test_what_nobody_could_be_asked_about_goes(shop, kavenegar, poller, conn):
    await_many(conn, shop, "kavenegar", 3)  # there is no account
    poller.poll_once(conn, NOON + timedelta(days=1))
    assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (3,)
    poller.poll_once(conn, NOON + timedelta(days=2, minutes=1))
    assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (0,)


def test_nobody_is_asked_about_messages_of_an_account_that_is_gone(shop, kavenegar, carrier, poller, conn):
    connect_own(shop, providers(), "kavenegar", key="good-key")
    decide_sms(shop, shop.person("Sara"))
    carrier.run_once(NOON)
    remove_service(conn, workspace_id=shop.id, channel="sms")
    assert poller.poll_once(conn, NOON + MINUTE) == 0
    assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (0,)


def test_a_report_counts_once_and_arriving_counts_more(shop, kavenegar, carrier, conn):
    connect_own(shop, providers(), "kavenegar", key="good-key")
    sara = shop.person("Sara")
    decide_sms(shop, sara)
    carrier.run_once(NOON)
    about = {"workspace_id": shop.id, "provider": "kavenegar", "bucket": sara.bucket, "id": shop.message(sara)["id"]}
    lost, there = Report("1", "failed", "not_reached"), Report("1", "delivered")
    assert not note_report(conn, there, **{**about, "workspace_id": shop.id + 1})
    assert not note_report(conn, there, **{**about, "provider": "twilio"})
    assert not note_report(conn, Report("1", "waiting"), **about)
    assert note_report(conn, lost, **about)
    assert not note_report(conn, lost, **about)
    assert note_report(conn, there, **about)
    assert not note_report(conn, there, **about)
    assert not note_report(conn, lost, **about)
    assert (shop.message(sara)["undelivered"], shop.message(sara)["delivered_at"] is None) == (None, False)
    assert names(shop) == [("message_sent", None), ("message_failed", "not_reached"), ("message_delivered", None)]


@pytest.fixture
def told_twilio(shop, twilio, carrier, monkeypatch):
    """Sara's message, the address that Twilio was given for it, and a hand that calls it."""
    connect_own(shop, providers(), "twilio", account=ACCOUNT, token="good-key", sender="+14155552345")
    sara = shop.person("Sara")
    decide_sms(shop, sara)
    carrier.run_once(NOON)
    url = twilio.asked[-1].form["StatusCallback"]

    def call(status, code="", *, at=url, token="good-key", **more):
        form = {"MessageSid": "SM" + "1" * 32, "MessageStatus": status, **({"ErrorCode": code} if code else {}), **more}
        whole = at + "".join(name + form[name] for name in sorted(form))
        signature = base64.b64encode(hmac.new(token.encode(), whole.encode(), hashlib.sha1).digest()).decode()
        path = at.removeprefix("https://safar.example")
        return Client(SERVER_NAME="localhost").post(path, form, headers={"X-Twilio-Signature": signature}).status_code

    monkeypatch.setattr(hearing, "_sending", sending)
    with override_settings(ROOT_URLCONF="safar.channels.urls"):
        yield shop, sara, url, call


def test_twilio_calls(told_twilio):
    shop, sara, _, call = told_twilio
    assert call("sent") == 204
    assert shop.message(sara)["delivered_at"] is None
    assert call("undelivered", "30004") == 204
    assert shop.message(sara)["undelivered"] == "blacklisted"
    assert call("delivered") == 204
    assert call("delivered") == 204
    assert shop.message(sara)["delivered_at"] is not None
    assert names(shop) == [("message_sent", None), ("message_failed", "blacklisted"), ("message_delivered", None)]


def test_calls_that_are_not_twilios(told_twilio, conn):
    shop, sara, url, call = told_twilio
    token = url.partition("/reports/sms/")[2].partition("?")[0]
    assert call("delivered", token="guessed") == 404
    for wrong in (
        token[:-1],
        token + "x",
        "1-x",
        "x",
        f"{shop.id}-",
        f"{shop.id + 1}-{token.partition('-')[2]}",
        "9" * 30,
    ):
        assert call("delivered", at=url.replace(token, wrong)) == 404, wrong
    assert call("delivered", at=url.replace("/sms/", "/email/")) == 404
    for message in ("", "x", "1-", "-1", "99999-1", "1-" + "9" * 40, "١-١"):
        assert call("delivered", at=f"{url.partition('?')[0]}?message={message}") in (204, 404)
    other = Shop(conn, mode="live")
    connect_own(other, providers(), "twilio", account=ACCOUNT, token="good-key", sender="+14155552345")
    assert shop.message(sara)["delivered_at"] is None
    assert Client(SERVER_NAME="localhost").get(url.removeprefix("https://safar.example")).status_code == 404


def test_a_report_proves_a_message_in_doubt(shop, twilio, database_url, conn, monkeypatch):
    monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.2)
    connect_own(shop, providers(), "twilio", account=ACCOUNT, token="good-key", sender="+14155552345")
    sara = shop.person("Sara")
    decide_sms(shop, sara)
    twilio.says = [sms.CUT_BEFORE]
    one = dispatcher_with(database_url, providers())
    one.run_once(NOON)
    one.close()
    assert shop.message(sara)["state"] == "in_doubt"
    about = {"workspace_id": shop.id, "provider": "twilio", "bucket": sara.bucket, "id": shop.message(sara)["id"]}
    assert note_report(conn, Report("SM1", "delivered", said="delivered"), **about)
    message = shop.message(sara)
    assert (message["state"], message["reason"], message["provider_id"]) == ("accepted", "evidence", "SM1")
    assert shop.outbox(sara) is None
    assert names(shop) == [("message_sent", "evidence"), ("message_delivered", None)]
