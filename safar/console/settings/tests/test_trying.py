"""A described service is tried from its page: requests without secrets, answers as they are read; nothing is sent to anybody."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import Membership
from safar.channels.tests import sms_forms
from safar.channels.tests.sms_server import SmsServer, running_sms, speak_kavenegar
from safar.console.conftest import Browser
from safar.console.settings import own_service
from safar.console.settings.tests.test_sms import address


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch, conn: psycopg.Connection[Any]) -> Iterator[SmsServer]:
    conn.execute("TRUNCATE service, outbox, circuit")
    own_service.sending.cache_clear()
    monkeypatch.setattr("safar.channels.described.line.choose_address", lambda host, port: host)
    with running_sms(speak_kavenegar) as server:
        yield server


def filled(server: SmsServer, **changes: str) -> dict[str, str]:
    return {name: value.replace("{url}", server.url) for name, value in {**sms_forms.KAVENEGAR, **changes}.items()}


def test_what_stands_in_a_part_opens_it_and_a_fault_stands_in_its_place(
    browser: Browser, sara: Membership, described: SmsServer
) -> None:
    client, at = browser(sara), f"{address(sara)}?service=described"
    page = client.get(at).content.decode()
    assert page.count('<details class="mb-3">') == 4
    page = client.post(at, filled(described, reports_body="{{ colour }}", credit_unit="gold")).content.decode()
    assert {f'id="id_{name}_error"' in page for name in ("reports_body", "credit_unit")} == {True}
    assert 'id="try"' not in page
    assert client.post(at, filled(described)).status_code == 303
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address(sara)).content.decode()
    assert len(asked) < 15
    assert page.count('<details class="mb-3" open>') == 4
    assert 'id="try"' in page
    assert "good-key" not in page


def test_requests_are_shown_without_secrets_and_answers_as_they_are_read(
    browser: Browser, sara: Membership, described: SmsServer
) -> None:
    client = browser(sara, language="fa")
    client.post(f"{address(sara)}?service=described", filled(described))

    def tried(what: str, **given: str) -> str:
        page = client.post(f"{address(sara)}try/", {"what": what, **given}).content.decode()
        assert "good-key" not in page
        return page

    page = tried("message")
    assert f"POST {described.url}/v1/SECRET/sms/send.json" in page
    assert "receptor=09121234567" in page
    assert "template=code&amp;type=sms&amp;token=value" in tried("pattern")
    answer = '{"return": {"status": 411}}'
    assert "refused bad_address" in tried("message", answer=answer, status="411")
    assert "قاعده‌ای" in tried("message", answer="<html>", status="200")
    assert described.asked == []  # nobody was asked so far
    assert "۱۵۰۰۰۰۰ ریال" in tried("credit")
    assert "7: delivered" in tried("reports", number="7")
    described.says = [(200, {"return": {"status": 200, "message": "good-key"}, "entries": "x"})]
    assert "SECRET" in tried("reports", number="7")
    described.says = [(403, {"return": {"status": 403, "message": "good-key"}, "entries": None})]
    assert "403" in tried("credit")


def test_no_way_of_writing_a_secret_is_shown(browser: Browser, sara: Membership, described: SmsServer) -> None:
    client, key, second = browser(sara), 'a"b/c d', 'a"b/c d+e'
    client.post(f"{address(sara)}?service=described", filled(described, key=key, second_key=second))
    basic = base64.b64encode(f"{key}:{second}".encode()).decode()
    told = [key, second, basic, quote(basic, safe=""), quote_plus(second)]
    described.says = [(200, {"return": {"status": 200, "message": told}, "entries": "x"})]
    page = html.unescape(client.post(f"{address(sara)}try/", {"what": "reports", "number": "7"}).content.decode())
    assert [page.count(json.dumps(one)[1:-1]) for one in [*told, "d+e", "d%2Be"]] == [0] * 7
    assert str(["SECRET"] * 5).replace("'", '"') in page


def test_texts_that_came_are_taken_as_they_would_be(
    browser: Browser, sara: Membership, described: SmsServer, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    client.post(f"{address(sara)}?service=described", filled(described))
    entry = {"messageid": 7, "sender": "09121234567", "receptor": "10004346", "message": "۱۱", "date": 1774094400}
    described.says = [(200, {"return": {"status": 200, "message": ""}, "entries": [entry]})]
    page = client.post(f"{address(sara)}try/", {"what": "inbound"}).content.decode()
    assert "09121234567 · 10004346" in page
    rows = conn.execute("SELECT address FROM suppression WHERE workspace_id = %s", (sara.workspace_id,)).fetchall()
    assert rows == [("+989121234567",)]


def test_what_cannot_be_tried(browser: Browser, sara: Membership, described: SmsServer) -> None:
    client, at = browser(sara), f"{address(sara)}try/"
    assert client.post(at, {"what": "message"}).status_code == 404  # there is no service
    bare = {"method": "POST", "url": f"{described.url}/", "kind": "form", "answers": "accepted: status = 200"}
    assert client.post(f"{address(sara)}?service=described", bare).status_code == 303
    assert client.post(at, {"what": "message"}).status_code == 200
    for what in ("pattern", "reports", "inbound", "credit", "x", ""):
        assert client.post(at, {"what": what}).status_code == 404
    assert client.get(at).status_code == 405
