"""The page of notices: who, which journey and point, what, when, and what became of it where the team hears."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import Membership
from safar.channels.notices.destinations import Wanted, put_destination, refuse, remove
from safar.channels.notices.gathering import Noted, gather
from safar.channels.notices.telling import GATHERS, tell_once
from safar.console.conftest import Browser

NOON = datetime(2026, 3, 21, 12, tzinfo=UTC)


@pytest.fixture
def place(sara: Membership, conn: psycopg.Connection[Any]) -> int:
    conn.execute("TRUNCATE destination, notice, telling, digest")
    wanted = Wanted(name="Bale group", kind="bale", given={"token": "123456789:AAabcdefgh", "chat": "-1"})
    return put_destination(conn, sara.workspace_id, wanted, keys=[settings.SECRET_KEY])[0]


def address(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/notices/"


def note(conn: psycopg.Connection[Any], who: Membership, *texts: str, at: datetime = NOON, **more: Any) -> None:
    first = who.workspace_id * 1000 + int((at - NOON).total_seconds())
    given = {"contact_id": 5, "journey": "welcome", "point": "call", **more}
    gather(conn, [Noted(5, first + n, who.workspace_id, {"en": text}, **given) for n, text in enumerate(texts)], now=at)


def test_a_notice_is_shown_with_what_became_of_it(
    browser: Browser, sara: Membership, place: int, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara, language="en")
    assert "Nothing here yet" in client.get(address(sara)).content.decode()
    note(conn, sara, "<b>Please call Ali</b>")
    page = client.get(address(sara)).content.decode()
    assert "&lt;b&gt;Please call Ali&lt;/b&gt;" in page
    assert "waits for the next digest" in page
    tell_once(conn, NOON + GATHERS)
    assert "is under way" in client.get(address(sara)).content.decode()
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
        " state, reason, said, decided_at, settled_at) SELECT 0, id, workspace_id, 0, 0, -id, 0, 0, 0, 'digest', 'destination:1', 'notice', 'failed',"
        " 'given_up', 'no line', made_at, made_at FROM digest"
    )
    page = client.get(f"{address(sara)}?state=failed").content.decode()
    assert "Please call Ali" in page
    assert "tried too often" in page
    assert "Please call Ali" not in client.get(f"{address(sara)}?state=told").content.decode()
    remove(conn, sara.workspace_id, place)
    assert "a destination that was taken away" in client.get(address(sara)).content.decode()


def test_it_is_narrowed_and_goes_on(
    browser: Browser, sara: Membership, place: int, conn: psycopg.Connection[Any]
) -> None:
    note(conn, sara, *(f"number {n}." for n in range(60)))
    note(conn, sara, "The budget is used up.", at=NOON + timedelta(minutes=5), contact_id=0, warning=True)
    client = browser(sara, language="en")
    page = client.get(address(sara)).content.decode()
    assert page.count("number ") == 49
    following = page[page.index("?after=") :].split('"')[0].replace("&amp;", "&")
    assert client.get(address(sara) + following).content.decode().count("number ") == 11
    warnings = client.get(f"{address(sara)}?about=warnings").content.decode()
    assert "The budget is used up." in warnings
    assert "number " not in warnings
    assert client.get(f"{address(sara)}?destination={place}&state=waiting").content.decode().count("number ") == 49
    for wrong in ("state=x", "about=x", "journey=x", "destination=0", "after=x", "after=2026-01-01T00:00:00_1"):
        assert client.get(f"{address(sara)}?{wrong}").status_code == 404, wrong


def test_a_destination_that_is_refused_is_told(
    browser: Browser, sara: Membership, place: int, conn: psycopg.Connection[Any]
) -> None:
    refuse(conn, place, reason="login", words="401 Unauthorized", now=NOON)
    client = browser(sara, language="en")
    assert "The team hears nothing at" in client.get(address(sara)).content.decode()
    home = client.get(f"/w/{sara.workspace.slug}/").content.decode()
    assert "401 Unauthorized" in home


def test_it_asks_a_handful_of_questions(
    browser: Browser, sara: Membership, place: int, conn: psycopg.Connection[Any]
) -> None:
    note(conn, sara, *(f"number {n}" for n in range(60)))
    client = browser(sara)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(sara)).status_code == 200
    assert len(asked) <= 15
