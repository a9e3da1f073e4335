"""The consent record and what is asked by right, on pages: however a consent came in, it stands there with its proof."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership, Workspace
from safar.console.conftest import Browser
from safar.console.contacts.tests.people import make_contact, say, settle
from safar.contacts.record import Asked, export_records, list_records, records_of
from safar.contacts.requests import ask, list_requests
from safar.events import editing
from safar.events.jobs.queue import put_job
from safar.events.merging import merge_contacts
from safar.journeys.everything.job import KIND


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "wait_for", lambda *given: False)


def test_a_consent_stands_with_its_proof(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    said = {"email": "given", "text_version": "2027-03", "purpose": "newsletter", "form": "footer"}
    context = {"consent": said, "ip": "192.0.2.7", "userAgent": "Mina's phone", "page": {"url": "https://shop.ir/join"}}
    mina = say(conn, shop, userId="mina", context=context)
    (one,) = records_of(conn, mina)
    assert (one.channel, one.state, one.purpose, one.method, one.text_version) == (
        "email",
        "given",
        "newsletter",
        "identify",
        "2027-03",
    )
    assert one.proof["ip"] == "192.0.2.7"
    assert one.proof["page"] == "https://shop.ir/join"
    assert (one.proof["user_agent"], one.proof["form"]) == ("Mina's phone", "footer")


def test_what_changes_nothing_is_written_only_for_a_wording(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    mina = say(conn, shop, userId="mina", context={"consent": {"email": True}})
    say(conn, shop, userId="mina", context={"consent": {"email": True}})
    assert len(records_of(conn, mina)) == 1
    say(conn, shop, userId="mina", context={"consent": {"email": True, "text_version": "2"}})
    say(conn, shop, userId="mina", context={"preferences": {"frequency": "weekly"}, "topics": {"news": False}})
    found = [(one.channel, one.state, one.purpose, one.text_version) for one in records_of(conn, mina)]
    assert sorted(found, key=str) == sorted(
        [
            ("email", "given", "marketing", None), ("email", "given", "marketing", "2"),
            ("frequency", "weekly", "preference", None), ("topic:news", "left", "topic", None),
        ],
        key=str,
    )  # fmt: skip


def test_by_hand_and_after_merging(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser
) -> None:
    mina = make_contact(conn, shop, user="mina", email="mina@home.ir")
    other = say(conn, shop, userId="mina-2", context={"consent": {"sms": "given"}})
    base = f"/w/{shop.slug}/contacts/{mina}/"
    client = browser(ali)
    client.post(f"{base}consent/", {"channel": "email", "state": "given", "reason": "در فروشگاه گفت"})
    settle()
    merge_contacts(conn, workspace_id=shop.pk, winner=mina, loser=other, by="ali")
    settle()
    found = {(one.channel, one.method, one.proof.get("reason")) for one in records_of(conn, mina)}
    assert found == {("email", "by_hand", "در فروشگاه گفت"), ("sms", "identify", None)}
    listed, more = list_records(conn, shop.pk, Asked())
    assert (len(listed), more) == (2, None)
    assert "در فروشگاه گفت" in client.get(base).content.decode()


def test_the_page_filters_and_the_file_holds_the_same(
    conn: psycopg.Connection[Any], shop: Workspace, sara: Membership, browser: Browser
) -> None:
    say(conn, shop, userId="mina", traits={"name": "=مینا"}, context={"consent": {"email": True}})
    say(conn, shop, userId="ali", traits={"name": "Ali"}, context={"consent": {"sms": False}, "topics": {"news": True}})
    client = browser(sara)
    base = f"/w/{shop.slug}/consents/"
    with CaptureQueriesContext(
        connection,
    ) as queries:
        whole = client.get(base).content.decode()
    assert len(queries) <= 8
    assert "مینا" in whole
    assert "Ali" in whole
    for asked, seen, unseen in (
        ("channel=sms", "Ali", "مینا"),
        ("state=given", "مینا", "Ali"),
        ("channel=topic", "news", "مینا"),
    ):
        page = client.get(f"{base}?{asked}").content.decode()
        assert seen in page, asked
        assert unseen not in page, asked
    assert "None among" not in client.get(f"{base}?method=import").content.decode()
    file = "".join(export_records(conn, shop.pk, Asked(channel="email")))
    assert "'=مینا" in file
    assert "Ali" not in file
    assert len(file.splitlines()) == 2


def test_requests_are_put_down_answered_and_late(
    conn: psycopg.Connection[Any], shop: Workspace, sara: Membership, browser: Browser
) -> None:
    mina = make_contact(conn, shop, user="mina", name="Mina", email="mina@home.ir")
    client, base = browser(sara), f"/w/{shop.slug}/requests/"
    assert "Nobody has asked" in client.get(base).content.decode()
    client.post(f"/w/{shop.slug}/contacts/{mina}/request/", {"kind": "export"})
    client.post(f"/w/{shop.slug}/contacts/{mina}/request/", {"kind": "export"})
    ask(
        conn, workspace_id=shop.pk, contact=mina, kind="erase", by="contact", now=datetime.now(UTC) - timedelta(days=31)
    )
    page = client.get(f"{base}?state=open").content.decode()
    assert (page.count("Make the file"), "overdue" in page, "by themselves" in page) == (1, True, True)
    assert "2 people asked by right" in client.get(f"/w/{shop.slug}/").content.decode()
    first, second = list_requests(conn, shop.pk)
    client.post(f"{base}{first.id}/end/", {"state": "refused", "reason": " "})
    client.post(f"{base}{second.id}/end/", {"state": "done"})
    states = [(one.kind, one.state) for one in list_requests(conn, shop.pk)]
    assert states == [("erase", "open"), ("export", "done")]
    assert client.post(f"{base}{second.id}/end/", {"state": "done"}).status_code == 404
    client.post(f"{base}{first.id}/end/", {"state": "refused", "reason": "is somebody else"})
    assert list_requests(conn, shop.pk, state="open") == []
    assert client.post(f"/w/{shop.slug}/contacts/{mina}/request/", {"kind": "sell"}).status_code == 404


def test_a_download_answers_nothing_and_its_button_does(
    conn: psycopg.Connection[Any], shop: Workspace, sara: Membership, browser: Browser
) -> None:
    """A download may break off, or be opened beforehand by a browser: the person has nothing by it yet."""
    mina = make_contact(conn, shop, user="mina", name="Mina")
    ask(conn, workspace_id=shop.pk, contact=mina, kind="export", by="contact")
    job = put_job(conn, workspace_id=shop.pk, kind=KIND, by="sara", asked={"contact": mina})
    conn.execute("UPDATE job SET state = 'finished' WHERE id = %s", (job,))
    conn.execute(
        "INSERT INTO person_file (workspace_id, bucket, contact_id, job_id, number, data) VALUES (%s, %s, %s, %s, 0, 'zip')",
        (shop.pk, mina & 1023, mina, job),
    )
    client, base = browser(sara), f"/w/{shop.slug}/contacts/{mina}/everything/{job}/"
    (request,) = list_requests(conn, shop.pk, state="open")
    address = f"/w/{shop.slug}/requests/{request.id}/end/"
    assert client.get(f"{base}file.zip").content == b"zip"
    assert [one.id for one in list_requests(conn, shop.pk, state="open")] == [request.id]
    assert AuditEntry.objects.filter(workspace=shop, action="download_person").count() == 1
    assert address in client.get(base).content.decode()
    client.post(address, {"state": "done"})
    assert list_requests(conn, shop.pk, state="open") == []
    assert address not in client.get(base).content.decode()


def test_how_long_things_are_kept(
    conn: psycopg.Connection[Any], shop: Workspace, sara: Membership, browser: Browser
) -> None:
    client, base = browser(sara), f"/w/{shop.slug}/settings/privacy/"
    given = {"accent": "#ffaa00", "contents_days": "۹۰", "events_months": "", "double_opt_in": "on"}
    assert client.post(base, given).status_code == 303
    row = conn.execute(
        "SELECT accent, contents_days, events_months, double_opt_in FROM privacy WHERE workspace_id = %s", (shop.pk,)
    ).fetchone()
    assert row == ("#ffaa00", 90, None, True)
    for wrong in ({"accent": "red"}, {"contents_days": "0"}, {"unseen_months": "99999"}):
        assert client.post(base, {**given, **wrong}).status_code == 200, wrong
    assert AuditEntry.objects.filter(workspace=shop, action="set_privacy").count() == 1
