"""Hooks on their pages: made, shown with the latest call, changed, renewed, taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.channels.hooks.keeping import make_hook, note_call, read_hook
from safar.console.conftest import Browser


def home(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/hooks/"


def test_a_hook_from_its_making_to_its_end(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    client = browser(sara)
    assert "small Latin letters" in client.post(home(sara), {"key": "Survey Tool"}).content.decode()
    made = client.post(home(sara), {"key": "survey"})
    assert made.headers["location"] == f"{home(sara)}survey/"
    before = read_hook(conn, sara.workspace_id, "survey")
    assert before is not None
    assert before.token in client.get(f"{home(sara)}survey/").content.decode()

    faulty = client.post(f"{home(sara)}survey/", {"email": "", "header": "X-Signature"}).content.decode()
    assert "say at least one path" in faulty
    assert "is missing" in faulty
    given = {"email": "who.mail", "header": "X-Signature", "secret": "hush"}
    assert client.post(f"{home(sara)}survey/", given).status_code == 303
    assert client.post(f"{home(sara)}survey/", {**given, "secret": ""}).status_code == 303, "the secret stays"
    page = client.get(f"{home(sara)}survey/").content.decode()
    assert "who.mail" in page
    assert "hush" not in page

    assert client.post(f"{home(sara)}survey/renew/").status_code == 303
    after = read_hook(conn, sara.workspace_id, "survey")
    assert after is not None
    assert after.token != before.token
    assert (after.fields, after.header) == ({"email": "who.mail"}, "X-Signature")
    assert client.post(f"{home(sara)}survey/remove/").status_code == 303
    assert client.get(f"{home(sara)}survey/").status_code == 404
    told = AuditEntry.objects.filter(workspace=sara.workspace, action__contains="hook").order_by("id")
    assert [entry.action for entry in told] == ["make_hook", "change_hook", "change_hook", "renew_hook", "drop_hook"]


def test_the_latest_call_helps_to_say_whom_it_is_about(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    hook = make_hook(conn, sara.workspace_id, "crm")
    client = browser(sara)
    assert "Nobody has called yet" in client.get(f"{home(sara)}crm/").content.decode()
    note_call(conn, hook, datetime.now(UTC), '{"email": "sara@people.example", "lead": {"score": 7}}', None)
    page = client.get(f"{home(sara)}crm/").content.decode()
    assert 'value="lead.score"' in page
    assert page.count("sara@people.example") >= 2, "what is read, and all that it said"
    note_call(conn, hook, datetime.now(UTC), "", "<b>email: is missing")
    page = client.get(f"{home(sara)}crm/").content.decode()
    assert "&lt;b&gt;email: is missing" in page
    assert "refused" in client.get(home(sara)).content.decode()


def test_it_asks_a_handful_of_questions(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    make_hook(conn, sara.workspace_id, "few")
    client = browser(sara)
    for path in ("", "few/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{home(sara)}{path}").status_code == 200
        assert len(asked) <= 14
