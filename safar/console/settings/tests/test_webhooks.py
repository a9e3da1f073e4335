"""Webhooks on their page: secrets shown once, calls with their answers, calling again."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.channels.webhooks.secrets import list_secrets
from safar.console.conftest import Browser


def address(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/webhooks/"


def test_a_secret_is_shown_once_and_two_live(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    client = browser(sara)
    page = client.post(address(sara)).content.decode()
    assert page.count("whsec_") >= 2, "whole, and its beginning"
    assert client.get(address(sara)).content.decode().count("whsec_") == 1
    client.post(address(sara))
    client.post(address(sara))
    known = list_secrets(conn, sara.workspace_id)
    assert len(known) == 2
    assert client.post(f"{address(sara)}{known[-1].id}/drop/").status_code == 303
    assert client.post(f"{address(sara)}{known[-1].id}/drop/").status_code == 404
    told = AuditEntry.objects.filter(workspace=sara.workspace, action__contains="webhook").order_by("id")
    assert [entry.action for entry in told] == ["make_webhook_secret", "make_webhook_secret", "drop_webhook_secret"]


def test_a_call_that_failed_is_made_again(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    number = (sara.workspace_id << 10) + 7
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, journey_key, point_key,"
        " kind, channel, class, address, state, reason, said, subject, body_text, decided_at, settled_at) VALUES (7, %s, %s, 7, 1, %s, 1, 1, 0,"
        " 'welcome', 'tell', 'webhook', 'webhook', 'webhook', 'https://crm.example/', 'failed', 'refused', '400 no', '{}', '{\"a\": 1}', now(), now())",
        (number, sara.workspace_id, number),
    )
    client = browser(sara)
    assert "400 no" in client.get(address(sara)).content.decode()
    for _ in range(2):
        assert client.post(f"{address(sara)}7-{number}/again/").status_code == 303
    rows = conn.execute(
        "SELECT trail_pos, kind, effect ->> 'url', effect -> 'made' ->> 'text' FROM outbox WHERE enrollment_id = %s",
        (number,),
    ).fetchall()
    assert rows == [(-1, "webhook", "https://crm.example/", '{"a": 1}')], "once, until it has been called"
    assert client.post(f"{address(sara)}7-{number + 1024}/again/").status_code == 404


def test_it_asks_a_handful_of_questions(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(sara)).status_code == 200
    assert len(asked) <= 14
