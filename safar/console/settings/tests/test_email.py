"""The page of the workspace's e-mail service: filled, kept without showing, tried, taken away."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.channels.providers.postmark import Postmark
from safar.channels.providers.resend import Resend
from safar.channels.services.own import opened, read_owns
from safar.channels.tests.mail_server import speak_postmark
from safar.channels.tests.sms_server import running_sms
from safar.channels.tests.webhook_server import SPEAKERS
from safar.console.conftest import Browser
from safar.console.settings.tests.test_sms import carry


def address(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/email/"


@pytest.fixture
def postmark(monkeypatch: pytest.MonkeyPatch, conn: psycopg.Connection[Any]) -> Any:
    conn.execute("TRUNCATE service, outbox, circuit")
    with running_sms(speak_postmark) as server:
        monkeypatch.setattr(Postmark, "base", server.url)
        yield server


def test_it_is_filled_and_what_is_secret_is_not_shown(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any], postmark: Any
) -> None:
    client = browser(sara, language="fa")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address(sara)).content.decode()
    assert len(asked) < 15
    assert "سرویس ایمیل" in page
    given = {"server_token": "good-key", "stream": "broadcast"}
    assert client.post(f"{address(sara)}?service=postmark", given).status_code == 303
    page = client.get(address(sara)).content.decode()
    assert "good-key" not in page
    assert "/reports/email/" in page
    assert client.post(f"{address(sara)}?service=postmark", {"server_token": "", "stream": "news"}).status_code == 303
    assert opened(read_owns(conn, sara.workspace_id)["email"], [settings.SECRET_KEY]) == {
        "server_token": "good-key",
        "stream": "news",
    }
    told = AuditEntry.objects.filter(workspace=sara.workspace, action="set_service").order_by("id")
    assert [entry.details["changed"] for entry in told] == [["provider", "server_token", "stream"], ["stream"]]


def test_what_is_wrong_stands_beside_its_field(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any], postmark: Any
) -> None:
    client = browser(sara)
    for service, given, place in (
        ("smtp", {"host": "no host", "port": "587", "tls": "starttls"}, "host"),
        ("smtp", {"host": "mail.shop.example", "port": "٩٩", "tls": "starttls"}, "port"),
        ("smtp", {"host": "mail.shop.example", "port": "587", "tls": "none"}, "tls"),
        ("smtp", {"host": "mail.shop.example", "port": "587", "tls": "ssl", "password": "x"}, "user"),
        ("amazon_ses", {"access_key": "AKIA", "secret_key": "x", "region": "evil.example/"}, "region"),
        ("mailgun", {"api_key": "x", "domain": "a/b", "region": "us"}, "domain"),
    ):
        page = client.post(f"{address(sara)}?service={service}", given).content.decode()
        assert f'id="id_{place}_error"' in page, (service, place)
    assert client.get(f"{address(sara)}?service=kavenegar").status_code == 404
    assert read_owns(conn, sara.workspace_id) == {}


def test_the_service_is_told_where_to_report(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    conn.execute("TRUNCATE service")
    client = browser(sara)
    assert client.post(f"{address(sara)}register/").status_code == 404  # there is no service
    with running_sms(SPEAKERS["resend"]) as server:
        monkeypatch.setattr(Resend, "base", server.url)
        client.post(f"{address(sara)}?service=resend", {"api_key": "re_sending"})
        assert "Have the service set up" in client.get(address(sara)).content.decode()
        said = client.post(f"{address(sara)}register/").content.decode()
        assert "may not do this" in said
        assert "Full access" in said
        assert "restricted to only send" in said
        client.post(f"{address(sara)}?service=resend", {"api_key": "good-key"})
        assert "Resend reports here" in client.post(f"{address(sara)}register/").content.decode()
        assert "It was set up already" in client.post(f"{address(sara)}register/").content.decode()
        assert len(server.taken) == 1
    kept = opened(read_owns(conn, sara.workspace_id)["email"], [settings.SECRET_KEY])
    assert kept == {"api_key": "good-key", "signing_secret": "whsec_hook-1"}
    assert AuditEntry.objects.filter(workspace=sara.workspace, action="register_webhook").count() == 1


def test_a_test_goes_out_whatever_the_mode_and_says_what_became_of_it(
    browser: Browser, sara: Membership, database_url: str, conn: psycopg.Connection[Any], postmark: Any
) -> None:
    client = browser(sara)
    assert client.post(f"{address(sara)}test/", {"to": "me@shop.example"}).status_code == 404  # there is no service
    client.post(f"{address(sara)}?service=postmark", {"server_token": "good-key", "stream": "broadcast"})
    assert 'id="id_to_error"' in client.post(f"{address(sara)}test/", {"to": "me"}).content.decode()
    answer = client.post(f"{address(sara)}test/", {"to": "me@shop.example"})
    number = answer["Location"].partition("test=")[2]
    assert "under way" in client.get(f"{address(sara)}test/{number}/").content.decode()
    postmark.says = [(422, {"ErrorCode": 401, "Message": "The sender is not confirmed."})]
    carry(database_url)
    page = client.get(f"{address(sara)}test/{number}/").content.decode()
    assert "Verify the address" in page
    assert "The sender is not confirmed." in page
    client.post(f"{address(sara)}?service=postmark", {"server_token": "", "stream": "broadcast "})
    conn.execute("DELETE FROM circuit")
    conn.execute("UPDATE outbox SET due_at = now()")
    carry(database_url)
    assert "Taken by the service" in client.get(f"{address(sara)}test/{number}/").content.decode()
    ((taken),) = postmark.taken
    assert taken["to"] == "me@shop.example"
    assert "this is a test from Safar" in taken["subject"]


def test_it_is_taken_away(browser: Browser, sara: Membership, conn: psycopg.Connection[Any], postmark: Any) -> None:
    client = browser(sara)
    client.post(f"{address(sara)}?service=postmark", {"server_token": "good-key", "stream": "broadcast"})
    assert client.post(f"{address(sara)}remove/").status_code == 303
    assert client.post(f"{address(sara)}remove/").status_code == 303
    assert read_owns(conn, sara.workspace_id) == {}
    assert AuditEntry.objects.filter(workspace=sara.workspace, action="remove_service").count() == 1
