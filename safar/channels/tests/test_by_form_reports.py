"""A service that is described in a form, through the whole house: it is asked for reports or calls, and is asked what people wrote."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, override_settings

from safar.channels.provider import providers
from safar.channels.reports import hearing
from safar.channels.reports.polling import Poller
from safar.channels.sms.listening import listen_once
from safar.channels.tests import sms_forms
from safar.channels.tests.own import ALI, SARA, connect_own, decide_sms, dispatcher_with
from safar.channels.tests.settings import sending
from safar.channels.tests.sms_server import running_sms, speak_kavenegar, speak_twilio
from safar.outbox.tests.house import NOON

MINUTE = timedelta(minutes=1)


@pytest.fixture
def carrier(database_url, shop, conn, monkeypatch):
    conn.execute("TRUNCATE service, report_wait")
    monkeypatch.setattr("safar.channels.described.line.choose_address", lambda host, port: host)
    one = dispatcher_with(database_url, providers())
    yield one
    one.close()


def connect(shop, server, form):
    given = {name: value.replace("{url}", server.url) for name, value in form.items()}
    connect_own(shop, providers(), "described", **given)


def test_it_is_asked(shop, carrier, conn, database_url):
    with running_sms(speak_kavenegar) as server:
        connect(shop, server, sms_forms.KAVENEGAR)
        sara, ali = shop.person("Sara"), shop.person("Ali")
        decide_sms(shop, sara)
        decide_sms(shop, ali, ALI)
        carrier.run_once(NOON)
        numbers = [int(shop.message(one)["provider_id"]) for one in (sara, ali)]
        entries = [{"messageid": number, "status": state} for number, state in zip(numbers, (10, 14), strict=True)]
        server.says = [(200, {"return": {"status": 200, "message": ""}, "entries": entries})]
        assert Poller(sending()).poll_once(conn, NOON + MINUTE) == 2
        assert shop.message(sara)["delivered_at"] == NOON + MINUTE
        assert shop.message(ali)["undelivered"] == "blacklisted"
        assert shop.message(ali)["state"] == "accepted"  # it was taken, and paid for


def test_it_calls_and_nobody_is_asked(shop, carrier, conn, monkeypatch):
    monkeypatch.setattr(hearing, "_sending", sending)
    with running_sms(speak_twilio) as server:
        form = {name: value for name, value in sms_forms.TWILIO.items() if not name.startswith("reports_")}
        connect(shop, server, form)
        sara, ali = shop.person("Sara"), shop.person("Ali")
        decide_sms(shop, sara)
        decide_sms(shop, ali, ALI)
        carrier.run_once(NOON)
        assert conn.execute("SELECT count(*) FROM report_wait").fetchone() == (0,)
        told = {
            one.form["To"]: one.form["StatusCallback"].removeprefix("https://safar.example") for one in server.asked
        }
    client = Client(SERVER_NAME="localhost")
    with override_settings(ROOT_URLCONF="safar.channels.urls"):
        said = {"MessageStatus": "undelivered", "ErrorCode": "30004"}
        assert client.post(told[SARA], said, content_type="application/json").status_code == 204
        assert shop.message(sara)["undelivered"] == "blacklisted"
        assert client.get(f"{told[ALI]}&MessageStatus=delivered").status_code == 204
        assert shop.message(ali)["delivered_at"] is not None
        assert client.get(told[ALI].replace("?", "x?")).status_code == 404


def test_what_people_wrote_is_asked_for(shop, carrier, conn):
    with running_sms(speak_kavenegar) as server:
        connect(shop, server, sms_forms.KAVENEGAR)
        entry = {"messageid": 7, "sender": "09121234567", "receptor": "10004346", "message": "۱۱", "date": 1774094400}
        server.says = [(200, {"return": {"status": 200, "message": ""}, "entries": [entry]})] * 2
        conn.execute("UPDATE service SET listen_at = %s", (NOON,))
        for minutes in (0, 5):
            listen_once(conn, kinds=providers(), sending=sending(), now=NOON + minutes * MINUTE)
        assert len(server.asked) == 2
    rows = conn.execute("SELECT address, reason FROM suppression WHERE workspace_id = %s", (shop.id,)).fetchall()
    assert rows == [("+989121234567", "stop_word:10004346")]
