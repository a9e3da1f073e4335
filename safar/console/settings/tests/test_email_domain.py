"""The page of the sender's domain: what its DNS says, what to add, and the key that we sign with."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.channels.mail.domain_checks import Unavailable
from safar.channels.mail.signing import read_key
from safar.channels.senders import Sender, set_sender
from safar.channels.services.own import set_service
from safar.console.conftest import Browser
from safar.console.settings import email_domain

ZONE: dict[str, list[str]] = {}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch, conn: psycopg.Connection[Any], sara: Membership) -> None:
    conn.execute("TRUNCATE service, dkim_key")
    set_sender(conn, sara.workspace_id, Sender("email", "Shop <hello@shop.example>"))
    ZONE.clear()
    monkeypatch.setattr(email_domain, "resolve", lambda name, _type: ZONE.get(name, []))


def address(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/email/domain/"


def test_it_says_what_to_add(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    client = browser(sara, language="fa")
    given = {"host": "mail.shop.example", "port": "587", "tls": "starttls"}
    set_service(conn, workspace_id=sara.workspace_id, channel="email", provider="smtp", given=given, keys=["k"])
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address(sara)).content.decode()
    assert len(asked) < 15
    assert "shop.example" in page
    found = client.get(f"{address(sara)}checks/").content.decode()
    assert "_dmarc.shop.example" in found
    assert "v=spf1 a mx ~all" in found
    assert "باید درست شود" in found
    assert client.post(f"{address(sara)}key/").status_code == 303
    key = read_key(conn, sara.workspace_id)
    assert key is not None
    page = client.get(address(sara)).content.decode()
    assert key.name in page
    assert key.record in page
    assert "PRIVATE" not in page
    ZONE[key.name] = [key.record]
    assert "هر پیام با آن امضا می‌شود" in client.get(f"{address(sara)}checks/").content.decode()
    assert client.post(f"{address(sara)}key/remove/").status_code == 303
    assert read_key(conn, sara.workspace_id) is None
    told = AuditEntry.objects.filter(workspace=sara.workspace, action__endswith="dkim_key")
    assert sorted(told.values_list("action", flat=True)) == ["make_dkim_key", "remove_dkim_key"]


def test_of_a_service_it_names_what_to_include(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    given = {"api_key": "a", "secret_key": "b"}
    set_service(conn, workspace_id=sara.workspace_id, channel="email", provider="mailjet", given=given, keys=["k"])
    client = browser(sara)
    assert "The service signs" in client.get(address(sara)).content.decode()
    assert "include:spf.mailjet.com" in client.get(f"{address(sara)}checks/").content.decode()


def test_amazon_wants_nothing_at_the_senders_own_name(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    """Its bounces come back to amazonses.com, or to a name below ours (docs/email-services.md)."""
    given = {"access_key": "a", "secret_key": "b", "region": "eu-central-1"}
    set_service(conn, workspace_id=sara.workspace_id, channel="email", provider="amazon_ses", given=given, keys=["k"])
    said = browser(sara).get(f"{address(sara)}checks/").content.decode()
    assert "Amazon SES needs none at this name" in said
    assert "include:" not in said


def test_a_silent_name_service_is_no_fault(browser: Browser, sara: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: str) -> list[str]:
        raise Unavailable("Timeout")

    monkeypatch.setattr(email_domain, "resolve", silent)
    assert "did not answer" in browser(sara).get(f"{address(sara)}checks/").content.decode()
