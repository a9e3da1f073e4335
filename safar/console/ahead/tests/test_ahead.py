"""The page of the road ahead: what it counts, what it costs, and who is over a cap."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import Membership
from safar.channels.pace.caps import Cap, set_cap
from safar.channels.senders import Sender, set_sender
from safar.console.ahead import views
from safar.console.conftest import Browser
from safar.console.contacts.tests.people import make_contact
from safar.console.journeys.tests.road import go_live, happens
from safar.journeys.ahead.reading import read_ahead
from safar.lib.beside import Beside

JOURNEY = """
journey: later
title: {en: Later, fa: بعداً}
start: {opened: {kind: event, event: Shop Opened, next: first}}
points:
  first: {kind: send_email, template: hello, next: pause}
  pause: {kind: delay, for: P2D, next: again}
  again: {kind: send_email, template: hello}
"""

RENEWAL = """
journey: renewal
start: {due: {kind: date_reached, trait: renewal, next: remind}}
points:
  remind: {kind: send_email, template: hello}
"""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in the request, and every time."""
    monkeypatch.setattr(views, "_kept", Beside(least=0.0, most=0.0, patience=0.0, start=lambda work: work()))


def at(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/ahead/"


def rows(page: str) -> list[str]:
    """The lines of the table of days, as text."""
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in table.split("</tr>") if row.strip()]


def test_nothing_lies_ahead_of_an_empty_workspace(browser: Browser, mina: Membership) -> None:
    page = browser(mina).get(at(mina)).content.decode()
    assert "Nothing that is known of now." in page
    assert len(rows(page)) == 15


@pytest.mark.parametrize(("language", "said"), [("en", "Later"), ("fa", "بعداً")])
def test_messages_of_people_on_the_road_stand_on_their_day_with_their_cost(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any], language: str, said: str
) -> None:
    set_sender(conn, sara.workspace.pk, Sender("email", part_price=Decimal(30)))
    go_live(conn, sara.workspace, JOURNEY)
    for person in ("ali", "mina", "sara"):
        happens(conn, sara.workspace, person, "Shop Opened")
    page = browser(sara, language=language).get(at(sara)).content.decode()
    assert said in page
    days = rows(page)
    three = "۳" if language == "fa" else "3"
    assert three in days[0].split()  # queued now: nobody carries them here
    assert three in days[2].split()
    assert ("۹" if language == "fa" else "9") in days[2].split()  # 90 rials are 9 toman


def test_who_has_had_enough_is_counted(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    workspace = sara.workspace
    set_cap(conn, workspace.pk, Cap("", "", 72, 1))
    go_live(conn, workspace, JOURNEY)
    for person in ("ali", "mina"):
        happens(conn, workspace, person, "Shop Opened")
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel,"
        " class, state, decided_at, sending_at) SELECT bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos,"
        " point, kind, channel, 'marketing', 'accepted', decided_at, decided_at FROM outbox WHERE workspace_id = %s LIMIT 1",
        (workspace.pk,),
    )
    page = browser(sara).get(at(sara)).content.decode()
    assert "Over their cap" in page
    assert rows(page)[2].endswith(" 1")


def test_what_is_due_just_after_midnight_stands_on_the_new_day(sara: Membership, conn: psycopg.Connection[Any]) -> None:
    """Midnight in Tehran is 20:30 by UTC: hours that begin at UTC's would show it on the day before, and today's not at all."""
    workspace, now = sara.workspace, datetime(2026, 11, 22, 20, 40, tzinfo=UTC)  # 0:10 of the 23rd
    go_live(conn, workspace, JOURNEY)
    go_live(conn, workspace, RENEWAL)
    happens(conn, workspace, "ali", "Shop Opened")
    make_contact(conn, workspace, user="mina", renewal="2126-11-25")
    conn.execute("UPDATE outbox SET due_at = %s WHERE workspace_id = %s", (now, workspace.pk))
    for table in ("enrollment SET wake_at", "contact_watch SET due_at"):
        at = now + timedelta(days=2)
        conn.execute(f"UPDATE {table} = %s WHERE contact_id IN (SELECT id FROM contact WHERE workspace_id = %s)", (at, workspace.pk))  # fmt: skip
    found = read_ahead(conn, workspace, now)
    zone = ZoneInfo("Asia/Tehran")
    assert [(line.point, line.hour.astimezone(zone).strftime("%d %H:%M"), line.sure + line.depends) for line in found.lines] == [
        ("first", "23 00:00", 1), ("again", "25 00:00", 1), ("remind", "25 00:00", 1),
    ]  # fmt: skip


def test_few_queries(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    client.get(at(sara))
    with CaptureQueriesContext(connection) as asked:
        client.get(at(sara))
    assert len(asked) <= 12, [one["sql"][:80] for one in asked]
