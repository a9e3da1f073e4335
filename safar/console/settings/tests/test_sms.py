"""The page of the workspace's SMS service: filled, kept without showing, tried, taken away."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.channels.providers.kavenegar import Kavenegar
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.services.own import opened, read_owns
from safar.channels.settings import Sending
from safar.channels.tests import sms_server
from safar.channels.tests.sms_server import running_sms, speak_kavenegar
from safar.console.conftest import Browser
from safar.console.settings import own_service


def address(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/sms/"


@pytest.fixture
def kavenegar(monkeypatch: pytest.MonkeyPatch, conn: psycopg.Connection[Any]) -> Any:
    conn.execute("TRUNCATE service, outbox, circuit")
    with running_sms(speak_kavenegar) as server:
        monkeypatch.setattr(Kavenegar, "base", server.url)
        yield server


def carry(database_url: str) -> None:
    dispatcher = Dispatcher(database_url, "test", sending=Sending(settings.SECRET_KEY))
    dispatcher.run_once()
    dispatcher.close()


def test_it_is_filled_and_what_is_secret_is_not_shown(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any], kavenegar: Any
) -> None:
    client = browser(sara, language="fa")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(address(sara)).content.decode()
    assert len(asked) < 15
    assert "کاوه‌نگار" in page
    assert 'name="key"' in page
    given = {"key": "good-key", "sender": "10004346"}
    assert client.post(f"{address(sara)}?service=kavenegar", given).status_code == 303
    page = client.get(address(sara)).content.decode()
    assert "good-key" not in page
    assert "10004346" in page
    assert client.post(f"{address(sara)}?service=kavenegar", {"key": "", "sender": "2000"}).status_code == 303
    assert opened(read_owns(conn, sara.workspace_id)["sms"], [settings.SECRET_KEY]) == {
        "key": "good-key",
        "sender": "2000",
    }
    told = AuditEntry.objects.filter(workspace=sara.workspace, action="set_service").order_by("id")
    assert [entry.details["changed"] for entry in told] == [["provider", "key", "sender"], ["sender"]]
    assert all("good-key" not in str(entry.details) for entry in told)


def test_what_is_wrong_stands_beside_its_field(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any], kavenegar: Any
) -> None:
    client = browser(sara)
    page = client.post(f"{address(sara)}?service=twilio", {"account": "AC1", "token": "t", "sender": "+14155552345"})
    assert 'id="id_account_error"' in page.content.decode()
    page = client.post(
        f"{address(sara)}?service=described", {"method": "POST", "url": "ftp://x", "kind": "form", "answers": "x"}
    )
    assert {f'id="id_{name}_error"' in page.content.decode() for name in ("url", "answers")} == {True}
    assert client.post(f"{address(sara)}?service=kavenegar", {"key": ""}).status_code == 200
    assert client.get(f"{address(sara)}?service=smtp").status_code == 404
    assert read_owns(conn, sara.workspace_id) == {}


def test_a_test_goes_out_whatever_the_mode_and_says_what_became_of_it(
    browser: Browser, sara: Membership, database_url: str, conn: psycopg.Connection[Any], kavenegar: Any
) -> None:
    client = browser(sara)
    assert client.post(f"{address(sara)}test/", {"to": "0912"}).status_code == 404  # there is no service
    client.post(f"{address(sara)}?service=kavenegar", {"key": "good-key", "sender": ""})
    assert 'id="id_to_error"' in client.post(f"{address(sara)}test/", {"to": "0912"}).content.decode()
    answer = client.post(f"{address(sara)}test/", {"to": "۰۹۱۲۱۲۳۴۵۶۷"})
    assert answer.status_code == 303
    number = answer["Location"].partition("test=")[2]
    assert "under way" in client.get(f"{address(sara)}test/{number}/").content.decode()
    kavenegar.says = [(418, {"return": {"status": 418, "message": "اعتبار کافی نیست"}, "entries": None})]
    carry(database_url)
    page = client.get(f"{address(sara)}test/{number}/").content.decode()
    assert "out of credit" in page
    assert "اعتبار کافی نیست" in page
    client.post(f"{address(sara)}?service=kavenegar", {"key": "good-key", "sender": "1000"})  # the circuit is forgotten
    conn.execute("UPDATE outbox SET due_at = now()")
    carry(database_url)
    page = client.get(f"{address(sara)}test/{number}/").content.decode()
    assert "Taken by the service" in page
    ((taken),) = kavenegar.taken
    assert (taken["to"], taken["sender"]) == ("09121234567", "1000")
    assert client.get(f"/w/{sara.workspace.slug}/sent/0/{number}/").status_code == 200
    assert client.get(f"{address(sara)}test/{int(number) + 1}/").status_code == 404


def test_the_credit_is_asked_of_the_service(browser: Browser, sara: Membership, kavenegar: Any) -> None:
    own_service.sending.cache_clear()
    client = browser(sara, language="fa")
    client.post(f"{address(sara)}?service=kavenegar", {"key": "good-key", "sender": ""})
    assert "۱٬۵۰۰٬۰۰۰ ریال" in client.get(f"{address(sara)}credit/").content.decode()
    kavenegar.says = [sms_server.GARBAGE]
    assert "معلوم نیست" in client.get(f"{address(sara)}credit/").content.decode()


def test_it_is_taken_away(browser: Browser, sara: Membership, conn: psycopg.Connection[Any], kavenegar: Any) -> None:
    client = browser(sara)
    client.post(f"{address(sara)}?service=kavenegar", {"key": "good-key", "sender": ""})
    assert client.post(f"{address(sara)}remove/").status_code == 303
    assert client.post(f"{address(sara)}remove/").status_code == 303
    assert read_owns(conn, sara.workspace_id) == {}
    assert AuditEntry.objects.filter(workspace=sara.workspace, action="remove_service").count() == 1


def test_pages_know_that_something_leaves_without_a_mail_server(
    browser: Browser, sara: Membership, kavenegar: Any
) -> None:
    client, workspace = browser(sara), sara.workspace
    workspace.send_mode = "live"
    workspace.save()
    pages = [f"/w/{workspace.slug}/{page}/" for page in ("sent", "settings/senders")]
    says = ("Nothing leaves the house", "The installation allows less")
    assert [said in client.get(page).content.decode() for page, said in zip(pages, says, strict=True)] == [True, True]
    client.post(f"{address(sara)}?service=kavenegar", {"key": "good-key", "sender": ""})
    assert [said in client.get(page).content.decode() for page, said in zip(pages, says, strict=True)] == [False, False]
