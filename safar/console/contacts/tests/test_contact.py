"""A contact's page: what it shows, and what is changed there, by the front door with an engine behind it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from safar.accounts.models import AuditEntry, Membership, Workspace
from safar.console.conftest import Browser
from safar.console.contacts.tests.people import make_contact, say, settle
from safar.contacts.person import read_person
from safar.events import editing


@pytest.fixture
def mina_of_the_shop(conn: psycopg.Connection[Any], shop: Workspace) -> int:
    return make_contact(
        conn,
        shop,
        user="mina",
        name="مینا <b>رضایی</b>",
        email="mina@home.ir",
        phone="09121234567",
        birthday="1990-03-21",
    )


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing sleeps in a test: the engine is let go when the test says so."""
    monkeypatch.setattr(editing, "wait_for", lambda *given: False)


def address(shop: Workspace, contact: int, more: str = "") -> str:
    return f"/w/{shop.slug}/contacts/{contact}/{more}"


def test_the_page_shows_everything(
    conn: psycopg.Connection[Any], shop: Workspace, sara: Membership, browser: Browser, mina_of_the_shop: int
) -> None:
    say(conn, shop, userId="mina", type="track", event="Order Completed", properties={"order_id": 7, "total": 120000})
    page = browser(sara, language="fa").get(address(shop, mina_of_the_shop)).content.decode()
    assert '<bdi dir="auto">مینا &lt;b&gt;رضایی&lt;/b&gt;</bdi>' in page
    assert '<bdi dir="ltr" class="ltr">mina@home.ir</bdi>' in page
    assert '<bdi dir="ltr" class="ltr">+989121234567</bdi>' in page
    assert "۱ فروردین ۱۳۶۹" in page
    assert "سفارش داد" in page
    assert "۱۲٬۰۰۰ تومان" in page


@pytest.mark.parametrize(
    ("state", "reason", "undelivered", "said"),
    [
        ("accepted", None, "blacklisted", "sent, and not delivered: barred by the reader, or by the operator"),
        ("failed", "blacklisted", None, "failed: barred by the reader, or by the operator"),
        ("accepted", None, None, "sent"),
    ],
)
def test_a_message_says_what_became_of_it(
    conn: psycopg.Connection[Any],
    shop: Workspace,
    sara: Membership,
    browser: Browser,
    mina_of_the_shop: int,
    state: str,
    reason: str | None,
    undelivered: str | None,
    said: str,
) -> None:
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
        " state, reason, undelivered, decided_at) VALUES (%(bucket)s, %(id)s, %(shop)s, %(id)s, 1, %(id)s, 1, 1, 0, 'message', 'sms', 'marketing', %(state)s, %(reason)s,"
        " %(undelivered)s, now())",
        {
            "bucket": mina_of_the_shop & 1023,
            "id": mina_of_the_shop,
            "shop": shop.pk,
            "state": state,
            "reason": reason,
            "undelivered": undelivered,
        },
    )
    page = browser(sara).get(address(shop, mina_of_the_shop)).content.decode()
    assert f">{said}" in page


def test_a_field_is_changed_by_an_event(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser, mina_of_the_shop: int
) -> None:
    client = browser(ali)
    for name, value in (("city", "شیراز"), ("age", "۴۲"), ("renewal", "1405/01/01"), ("code", "007")):
        answer = client.post(address(shop, mina_of_the_shop, "fields/"), {"name": name, "value": value})
        assert answer.status_code == 303
    client.post(address(shop, mina_of_the_shop, "fields/"), {"name": "birthday", "value": "x", "remove": "1"})
    settle()
    person = read_person(conn, shop.pk, mina_of_the_shop)
    assert person is not None
    assert (person.traits["city"], person.traits["age"], person.traits["renewal"]) == ("شیراز", 42, "2026-03-21")
    assert person.traits["code"] == "007"
    assert "birthday" not in person.traits
    row = conn.execute(
        "SELECT context -> 'by_hand' ->> 'by' FROM event WHERE bucket = %s AND contact_id = %s AND traits ? 'city'",
        (mina_of_the_shop & 1023, mina_of_the_shop),
    ).fetchone()
    assert row == (ali.member.email,)


def test_another_contacts_address_is_not_taken(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser, mina_of_the_shop: int
) -> None:
    other = make_contact(conn, shop, user="ali", email="ali@home.ir")
    client = browser(ali)
    client.post(address(shop, mina_of_the_shop, "fields/"), {"name": "email", "value": "Ali@Home.ir"})
    page = client.get(address(shop, mina_of_the_shop)).content.decode()
    assert "belongs to another contact" in page
    settle()
    found = read_person(conn, shop.pk, mina_of_the_shop)
    assert found is not None
    assert found.email == "mina@home.ir"
    client.post(address(shop, mina_of_the_shop, "fields/"), {"name": "email", "value": "new@home.ir"})
    settle()
    found = read_person(conn, shop.pk, mina_of_the_shop)
    assert found is not None
    assert (3, "new@home.ir") in found.names
    assert read_person(conn, shop.pk, other) is not None


def test_tags_consents_and_notes(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser, mina_of_the_shop: int
) -> None:
    client = browser(ali)
    client.post(address(shop, mina_of_the_shop, "tags/"), {"add": "vip، مشتری خوب"})
    consent = {"channel": "email", "state": "given", "reason": "در فروشگاه گفت"}
    client.post(address(shop, mina_of_the_shop, "consent/"), consent)
    client.post(address(shop, mina_of_the_shop, "consent/"), {**consent, "reason": ""})
    client.post(address(shop, mina_of_the_shop, "notes/"), {"note": "عصرها زنگ بزنید"})
    settle()
    person = read_person(conn, shop.pk, mina_of_the_shop)
    assert person is not None
    assert {tag for tag, _ in person.tags} == {"vip", "مشتری خوب"}
    assert [(one.channel, one.state, one.source) for one in person.consents] == [
        ("email", "given", "by_hand"), ("sms", "unknown", ""),
    ]  # fmt: skip
    page = client.get(address(shop, mina_of_the_shop)).content.decode()
    assert "در فروشگاه گفت" in page
    assert "عصرها زنگ بزنید" in page
    assert "has to be 1 to 500 characters" in page
    client.post(address(shop, mina_of_the_shop, "tags/"), {"remove": "vip"})
    settle()
    person = read_person(conn, shop.pk, mina_of_the_shop)
    assert person is not None
    assert [tag for tag, _ in person.tags] == ["مشتری خوب"]
    row = conn.execute("SELECT last_seen FROM contact_facts WHERE contact_id = %s", (mina_of_the_shop,)).fetchone()
    before = row
    client.post(address(shop, mina_of_the_shop, "notes/"), {"note": "یک یادداشت دیگر"})
    settle()
    assert (
        conn.execute("SELECT last_seen FROM contact_facts WHERE contact_id = %s", (mina_of_the_shop,)).fetchone()
        == before
    )


def test_the_timeline_goes_on(
    conn: psycopg.Connection[Any], shop: Workspace, sara: Membership, browser: Browser, mina_of_the_shop: int
) -> None:
    from datetime import UTC, datetime

    from safar.events.accept import accept
    from safar.events.message import check_message
    from safar.journeys.road import read_timeline
    from safar.lib.faults import Faults

    at = datetime(2026, 1, 1, tzinfo=UTC)
    messages = [
        check_message(
            {"type": "track", "userId": "mina", "event": f"Event {n}", "timestamp": at.isoformat()},
            Faults(), received=datetime.now(UTC), trusted=True,
        )
        for n in range(25)
    ]  # fmt: skip
    accept(conn, shop.pk, [message for message in messages if message], trusted=True)
    settle()
    seen: list[str] = []
    after = ""
    for _ in range(10):
        page = read_timeline(conn, shop, mina_of_the_shop, after=after, size=4)
        seen += [item.what for item in page.items]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 26  # all at one moment, and none is lost or doubled
    client = browser(sara)
    piece = client.get(address(shop, mina_of_the_shop, "timeline/?kind=notes"), headers={"hx-request": "true"})
    assert "Nothing of this kind" in piece.content.decode()
    assert client.get(address(shop, mina_of_the_shop, "?after=nonsense")).status_code == 404


def test_two_become_one(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser, mina_of_the_shop: int
) -> None:
    other = make_contact(conn, shop, user="mina-2", name="مینا ۲", email="second@home.ir", city="تهران")
    client = browser(ali)
    assert "second@home.ir" in client.get(address(shop, mina_of_the_shop, "merge/?q=second")).content.decode()
    assert "مینا ۲" in client.get(address(shop, mina_of_the_shop, f"merge/?with={other}")).content.decode()
    client.post(address(shop, mina_of_the_shop, "merge/"), {"other": other})
    settle()
    person = read_person(conn, shop.pk, mina_of_the_shop)
    assert person is not None
    assert {value for _, value in person.names} >= {"mina", "mina-2", "second@home.ir", "mina@home.ir"}
    assert person.traits["city"] == "تهران"
    assert client.get(address(shop, other)).headers["location"] == address(shop, mina_of_the_shop)
    assert client.post(address(shop, other, "merge/"), {"other": mina_of_the_shop}).status_code == 404
    assert AuditEntry.objects.filter(workspace=shop, action="merge_contacts").count() == 1


def test_nothing_is_left_of_the_erased(
    conn: psycopg.Connection[Any], shop: Workspace, sara: Membership, browser: Browser, mina_of_the_shop: int
) -> None:
    from safar.journeys.erasing import erase_again, erase_contact

    other = make_contact(conn, shop, user="mina-3", name="marker of mina", email="third@home.ir")
    client = browser(sara)
    client.post(address(shop, mina_of_the_shop, "merge/"), {"other": other})
    settle()
    say(
        conn,
        shop,
        userId="mina",
        type="track",
        event="Order Completed",
        properties={"order_id": 8, "total": 5, "note": "marker"},
    )
    client.post(address(shop, mina_of_the_shop, "notes/"), {"note": "marker"})
    assert erase_contact(conn, workspace_id=shop.pk, contact=mina_of_the_shop, key="a key") == 2
    tables = conn.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'contact_id'"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace"
    ).fetchall()
    kept = {
        name
        for (name,) in tables
        if conn.execute(f"SELECT FROM {name} WHERE contact_id = ANY (%s)", ([mina_of_the_shop, other],)).fetchone()
    }
    assert kept == set()
    rows = conn.execute(
        "SELECT key, email, phone, traits, external_id FROM contact WHERE id = ANY (%s)", ([mina_of_the_shop, other],)
    ).fetchall()
    assert sorted(rows) == sorted((f"erased:{one}", None, None, {}, None) for one in (mina_of_the_shop, other))
    assert client.get(address(shop, mina_of_the_shop)).status_code == 410
    assert erase_contact(conn, workspace_id=shop.pk, contact=mina_of_the_shop, key="a key") == 2
    from datetime import UTC, datetime

    conn.execute('UPDATE contact SET traits = \'{"name": "back"}\' WHERE id = %s', (mina_of_the_shop,))
    assert erase_again(conn, datetime.now(UTC)) == 1
    again = make_contact(conn, shop, user="mina", name="Mina")
    assert again != mina_of_the_shop


def test_erasing_asks_for_a_reason_and_who_one_is(
    shop: Workspace, sara: Membership, ali: Membership, browser: Browser, mina_of_the_shop: int
) -> None:
    assert browser(ali).get(address(shop, mina_of_the_shop, "erase/")).status_code == 403
    client = browser(sara)
    answer = client.post(address(shop, mina_of_the_shop, "erase/"), {"reason": "", "sure": "on"})
    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        assert "reauthenticate" in answer.headers["location"]
