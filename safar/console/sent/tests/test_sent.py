"""Sent messages on pages: read in a frame that can do nothing; what is in doubt is closed by a person, and it is written down."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.console.conftest import Browser
from safar.console.sent.listing import ROWS
from safar.console.sent.tests.walk import put

EVIL = '<script>alert(1)</script><img src="https://spy.example/x.png"><p style="color:red">سلام</p>'


def base(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/sent/"


@pytest.fixture(autouse=True)
def _nothing_sent(conn: psycopg.Connection[Any]) -> None:
    conn.execute("TRUNCATE message, outbox")


@pytest.fixture
def doubted(conn: psycopg.Connection[Any], sara: Membership) -> int:
    """A message of Sara's shop that is in doubt; its number, in bucket 9."""
    put(
        sara.workspace_id,
        9,
        77,
        state="in_doubt",
        provider="smtp",
        reason="no_answer",
        accepted_at=None,
        subject="In doubt",
    )
    conn.execute(
        "INSERT INTO outbox (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect,"
        " decided_at, due_at, state, attempts) VALUES (9, 77, %s, 0, 0, 77, 1, 1, 0, 'message', '{\"channel\": \"email\"}', now(), now(), 4, 1)",
        (sara.workspace_id,),
    )
    return 77


def test_a_webhook_is_called_so_and_its_headers_are_no_title(browser: Browser, mina: Membership) -> None:
    put(
        mina.workspace_id,
        3,
        42,
        kind="webhook",
        channel="webhook",
        subject='{"X-Own": "1"}',
        body_text='{"contact": {}}',
    )
    client = browser(mina)
    page = client.get(base(mina)).content.decode()
    assert ">Webhook<" in page
    assert "X-Own" not in page + client.get(f"{base(mina)}3/42/").content.decode()


def test_a_message_is_read_in_a_frame_that_can_do_nothing(browser: Browser, mina: Membership) -> None:
    put(mina.workspace_id, 3, 41, subject="سلام مینا", body_html=EVIL)
    client = browser(mina)
    assert f"{base(mina)}3/41/" in client.get(base(mina)).content.decode()
    page = client.get(f"{base(mina)}3/41/").content.decode()
    assert "<script>alert" not in page
    assert re.search(r"<iframe[^>]* sandbox ", page)
    assert "shop@shop.example" in page
    frame = client.get(f"{base(mina)}3/41/html/")
    assert EVIL in frame.content.decode()
    policy = frame.headers["Content-Security-Policy"]
    assert policy.endswith("; sandbox")
    assert "default-src 'none'" in policy
    assert "https:" not in policy
    assert "https:" in client.get(f"{base(mina)}3/41/html/?pictures=1").headers["Content-Security-Policy"]
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(("language", "kept"), [("en", "kept in the mailbox"), ("fa", "در صندوق داخلی ماند")])
def test_states_and_reasons_are_said_in_words(browser: Browser, mina: Membership, language: str, kept: str) -> None:
    put(mina.workspace_id, 3, 1)
    put(mina.workspace_id, 3, 2, state="skipped", reason="no_consent", provider=None, accepted_at=None)
    page = browser(mina, language=language).get(base(mina)).content.decode()
    assert kept in page
    assert ("no consent" if language == "en" else "رضایت") in page
    assert ("what would have been sent" if language == "en" else "همان‌هایی") in page
    only = browser(mina, language=language).get(base(mina) + "?state=skipped&reason=no_consent").content.decode()
    assert f"{base(mina)}3/2/" in only
    assert f"{base(mina)}3/1/" not in only


def test_a_page_costs_the_same_statements_for_one_message_and_for_many(browser: Browser, mina: Membership) -> None:
    """By Django six: session, member, membership, workspace, journeys; the rest are psycopg's two (test_sent.py of channels)."""
    client = browser(mina)
    put(mina.workspace_id, 4, 1)
    client.get(base(mina))
    with CaptureQueriesContext(connection) as few:
        client.get(base(mina))
    for number in range(2, ROWS + 4):
        put(mina.workspace_id, 4, number, subject=f"letter {number}")
    with CaptureQueriesContext(connection) as many:
        page = client.get(base(mina)).content.decode()
    assert len(many) == len(few) <= 6
    assert page.count("stretched-link") == ROWS
    older = re.search(r'href="(\?after=[^"]+)"', page)
    assert older is not None
    assert client.get(base(mina) + older[1].replace("&amp;", "&")).content.decode().count("stretched-link") == 3


def test_what_is_not_there(browser: Browser, mina: Membership) -> None:
    client = browser(mina)
    for numbers in ("1024/1", "99999999999999999999/1", "1/99999999999999999999"):
        assert client.get(f"{base(mina)}{numbers}/").status_code == 404
    for asked in ("state=lost", "journey=nowhere", "after=x", "after=2026-03-21"):
        assert client.get(f"{base(mina)}?{asked}").status_code == 404
    assert "No message is like that" in client.get(f"{base(mina)}?channel=sms").content.decode()


def test_a_doubt_is_told_and_taken_for_sent(
    browser: Browser, sara: Membership, doubted: int, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    assert "message is in doubt: nobody knows" in client.get(base(sara)).content.decode()
    assert f"{base(sara)}9/77/" in client.get(base(sara) + "?state=in_doubt").content.decode()
    page = client.get(f"{base(sara)}9/77/").content.decode()
    assert "it arrives twice" in page
    assert client.post(f"{base(sara)}9/77/assume/").status_code == 303
    assert conn.execute("SELECT state, reason FROM message WHERE bucket = 9 AND id = 77").fetchall() == [
        ("assumed_sent", "by_hand")
    ]
    assert conn.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    entry = AuditEntry.objects.get(workspace=sara.workspace, action="assume_sent")
    assert (entry.actor, entry.subject) == (sara.member.email, "message:9-77")
    again = client.post(f"{base(sara)}9/77/resend/", follow=True).content.decode()
    assert "not in doubt any more" in again
    assert not AuditEntry.objects.filter(workspace=sara.workspace, action="resend_message").exists()


def test_a_doubt_is_sent_once_more(
    browser: Browser, sara: Membership, mina: Membership, doubted: int, conn: psycopg.Connection[Any]
) -> None:
    assert browser(mina).post(f"{base(sara)}9/77/resend/").status_code == 403
    assert "Send it once more" not in browser(mina).get(f"{base(sara)}9/77/").content.decode()
    assert browser(sara).post(f"{base(sara)}9/77/resend/").status_code == 303
    assert conn.execute("SELECT state FROM outbox").fetchall() == [(0,)]
    assert AuditEntry.objects.filter(workspace=sara.workspace, action="resend_message").exists()


def test_what_people_and_machines_did_with_it(
    browser: Browser, mina: Membership, conn: psycopg.Connection[Any]
) -> None:
    put(mina.workspace_id, 3, 42)
    put(mina.workspace_id, 3, 43)
    conn.execute("UPDATE message SET opened_at = now(), clicked_at = now() WHERE bucket = 3 AND id = 42")
    conn.execute(
        "INSERT INTO link (workspace_id, id, url) VALUES (%s, 500, 'https://shop.example/sale') ON CONFLICT DO NOTHING",
        (mina.workspace_id,),
    )
    for link, machine, reason in ((0, False, ""), (500, False, ""), (0, True, "apple_privacy"), (1, True, "trap")):
        conn.execute(
            "INSERT INTO reaction VALUES (3, 42, %s, %s, date_trunc('hour', now()), %s, now(), %s)",
            (link, machine, mina.workspace_id, reason),
        )
    page = browser(mina, language="en").get(f"{base(mina)}3/42/").content.decode()
    history = page[page.index("What became of it") :]
    assert history.count("Opened") == 1
    assert "https://shop.example/sale" in history
    assert "A machine opened it" in history
    assert "Apple" in history
    assert "followed a link that no person sees" not in history  # of the trap nothing is told
    for state in ("opened", "clicked"):
        only = browser(mina).get(f"{base(mina)}?state={state}").content.decode()
        assert f"{base(mina)}3/42/" in only
        assert f"{base(mina)}3/43/" not in only
