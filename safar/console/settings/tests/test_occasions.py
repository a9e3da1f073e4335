"""The calendar of occasions on its page."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.accounts.occasions import read_days
from safar.channels.quiet.rules import read_quiet
from safar.console.conftest import Browser


def address(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/occasions/"


def silent(conn: psycopg.Connection[Any], who: Membership) -> set[date]:
    rows = conn.execute("SELECT day FROM blackout_day WHERE workspace_id = %s", (who.workspace_id,))
    return {day for (day,) in rows}


def test_an_occasion_is_made_silent_and_quiet_hours_know(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    assert client.post(f"{address(sara)}ashura/", {"shown": "yes", "blackout": "yes"}).status_code == 303
    assert date(2026, 6, 26) in silent(conn, sara)
    quiet = read_quiet(conn, [sara.workspace_id])[sara.workspace_id]
    mail, sms = quiet.of("email", ""), quiet.of("sms", "")
    assert mail is not None
    assert sms is not None
    assert date(2026, 6, 26) in mail.days_off
    assert (date(2026, 6, 26) in sms.days_off, sms.begins is None) == (True, False), "its night stays"
    assert client.post(f"{address(sara)}ashura/", {"shown": "yes", "blackout": "no"}).status_code == 303
    assert silent(conn, sara) == set()


def test_a_lunar_day_is_put_right_for_its_year_alone(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara, language="fa")
    client.post(f"{address(sara)}ashura/", {"shown": "yes", "blackout": "yes"})
    assert client.post(f"{address(sara)}ashura/", {"day": "۱۴۰۵/۰۴/۰۴"}).status_code == 303
    days = read_days(conn, {sara.workspace_id: "jalali"})[sara.workspace_id]["ashura"]
    assert date(2026, 6, 25) in days
    assert date(2026, 6, 26) not in days
    assert date(2027, 6, 15) in days
    assert set(days) == silent(conn, sara)
    client.post(f"{address(sara)}yalda/", {"day": "۱۴۰۵/۰۴/۰۴"})
    assert "روز این مناسبت" in client.get(address(sara)).content.decode()


def test_an_occasion_of_ones_own_comes_and_goes(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    given = {"title": "Our birthday", "day": "2027-05-05", "blackout": "on"}
    assert client.post(address(sara), given).status_code == 303
    assert silent(conn, sara) == {date(2027, 5, 5)}
    assert "Our birthday" in client.get(address(sara)).content.decode()
    assert client.post(f"{address(sara)}own_1/", {"remove": "yes"}).status_code == 303
    assert silent(conn, sara) == set()
    assert client.post(f"{address(sara)}own_1/", {"remove": "yes"}).status_code == 404
    told = AuditEntry.objects.filter(workspace=sara.workspace, action__endswith="_occasion").order_by("id")
    assert [(entry.action, entry.subject) for entry in told] == [
        ("add_occasion", "occasion:own_1"),
        ("remove_occasion", "occasion:own_1"),
    ]


def test_a_page_that_is_filled_in_wrong_says_so(browser: Browser, sara: Membership) -> None:
    page = browser(sara).post(address(sara), {"title": "", "day": "soon"}).content.decode()
    assert 'id="id_day_error"' in page
    assert 'id="id_title_error"' in page


def test_it_asks_a_handful_of_questions(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(sara)).status_code == 200
    assert len(asked) <= 14
