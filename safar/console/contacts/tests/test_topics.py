"""Topics and tags on pages: made, ordered, in use; said by hand on a contact's page, with a reason; tags called something else."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership, Workspace
from safar.console.conftest import Browser
from safar.console.contacts.tests.people import make_contact, say, settle
from safar.contacts.person import read_person
from safar.contacts.tags import rename_tag
from safar.contacts.topics import Topic, list_topics, save_topic
from safar.content.models import Template
from safar.events import editing
from safar.segments.services import apply_segments


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "wait_for", lambda *given: False)


@pytest.fixture
def news(conn: psycopg.Connection[Any], shop: Workspace) -> str:
    for key, fa in (("news", "خبرها"), ("offers", "تخفیف‌ها")):
        save_topic(conn, shop.pk, Topic(key, {"fa": fa, "en": key.title()}), fresh=True)
    return f"/w/{shop.slug}/topics/"


def test_a_topic_is_made_changed_and_put_in_order(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser
) -> None:
    client, base = browser(ali), f"/w/{shop.slug}/topics/"
    assert "No topics yet" in client.get(base).content.decode()
    made = {"key": "news", "title_fa": "خبرها", "title_en": "News", "description_fa": "ماهی یک بار", "shown": "on"}
    assert client.post(f"{base}new/", made).status_code == 303
    for wrong in ({**made, "key": "News!"}, made, {**made, "key": "tips", "title_fa": "", "title_en": " "}):
        assert client.post(f"{base}new/", wrong).status_code == 200
    client.post(f"{base}new/", {"key": "tips", "title_en": "Tips"})
    client.post(f"{base}tips/move/", {"to": "up"})
    client.post(f"{base}tips/move/", {"to": "up"})
    client.post(f"{base}news/", {"title_fa": "خبرهای فروشگاه", "title_en": "News"})
    found = list_topics(conn, shop.pk)
    assert [(one.key, one.title.get("fa", ""), one.shown) for one in found] == [
        ("tips", "", False),
        ("news", "خبرهای فروشگاه", False),
    ]
    assert AuditEntry.objects.filter(workspace=shop, action="change_topic").count() == 1


def test_a_topic_in_use_stays(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser, news: str
) -> None:
    Template.objects.create(workspace_id=shop.pk, key="letter", channel="email", title="A letter", topic="news")
    apply_segments(shop, {"bored": {"condition": {"topic": "offers", "is": "left"}, "title": {"fa": "خسته‌ها"}}})
    client = browser(ali, language="fa")
    page = client.get(news).content.decode()
    assert "A letter" in page
    assert "خسته‌ها" in page
    for key in ("news", "offers"):
        client.post(f"{news}{key}/delete/")
    assert len(list_topics(conn, shop.pk)) == 2
    Template.objects.all().delete()
    client.post(f"{news}news/delete/")
    assert [one.key for one in list_topics(conn, shop.pk)] == ["offers"]


def test_what_a_contact_takes_is_put_down_with_its_reason(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser, news: str
) -> None:
    mina = make_contact(conn, shop, user="mina", name="Mina")
    say(conn, shop, userId="mina", context={"topics": {"offers": "joined"}})
    client, base = browser(ali, language="fa"), f"/w/{shop.slug}/contacts/{mina}/"
    client.post(f"{base}topic/", {"topic": "news", "state": "left", "reason": "در تلفن گفت"})
    client.post(f"{base}topic/", {"topic": "offers", "state": "left", "reason": ""})
    client.post(f"{base}topic/", {"topic": "nothing", "state": "left", "reason": "x"})
    settle()
    person = read_person(conn, shop.pk, mina)
    assert person is not None
    assert [(one.topic, one.state, one.source) for one in person.topics] == [
        ("news", "left", "by_hand"), ("offers", "joined", "identify"),
    ]  # fmt: skip
    page = client.get(base).content.decode()
    for said in ("در تلفن گفت", "ترک‌کرده", "پیوسته", "خبرها"):
        assert said in page


def test_another_id_leads_to_the_contact(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser
) -> None:
    mina = make_contact(conn, shop, email="mina@home.ir", name="Mina")
    make_contact(conn, shop, user="ali-1", name="Ali")
    client = browser(ali)
    client.post(f"/w/{shop.slug}/contacts/{mina}/ids/", {"user_id": "ali-1"})
    assert "belongs to another contact" in client.get(f"/w/{shop.slug}/contacts/{mina}/").content.decode()
    client.post(f"/w/{shop.slug}/contacts/{mina}/ids/", {"user_id": "mina-7"})
    settle()
    person = read_person(conn, shop.pk, mina)
    assert person is not None
    assert ((1, "mina-7") in person.names, person.external_id) == (True, "mina-7")


def test_a_tag_is_called_something_else_and_stays_what_it_is(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser
) -> None:
    mina = make_contact(conn, shop, user="mina", name="Mina")
    client, base = browser(ali), f"/w/{shop.slug}/"
    client.post(f"{base}contacts/{mina}/tags/", {"add": "vip, other"})
    settle()
    apply_segments(shop, {"best": {"condition": {"tag": "vip"}, "title": {"en": "The best"}}})
    client.post(f"{base}tags/call/", {"tag": "vip", "title": "Very important"})
    client.post(f"{base}tags/call/", {"tag": "other", "title": "Very important"})
    page = client.get(f"{base}tags/").content.decode()
    for said in ("Very important", "The best", "Another tag is called that already"):
        assert said in page
    assert "Very important" in client.get(f"{base}contacts/{mina}/").content.decode()
    person = read_person(conn, shop.pk, mina)
    assert person is not None
    assert {tag for tag, _ in person.tags} == {"vip", "other"}
    client.post(f"{base}contacts/{mina}/tags/", {"add": "Very important"})
    settle()
    person = read_person(conn, shop.pk, mina)
    assert person is not None
    assert {tag for tag, _ in person.tags} == {"vip", "other"}  # its title means the tag itself
    client.post(f"{base}tags/call/", {"tag": "vip", "title": "vip"})
    assert "Very important" not in client.get(f"{base}contacts/{mina}/").content.decode()


@pytest.mark.parametrize("path", ["topics/", "tags/", "topics/news/", "contacts/", "contacts/?order=seen"])
def test_statements_do_not_grow_with_what_there_is(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser, news: str, path: str
) -> None:
    client = browser(ali)
    client.get(f"/w/{shop.slug}/{path}")
    with CaptureQueriesContext(connection) as few:
        assert client.get(f"/w/{shop.slug}/{path}").status_code == 200
    for number in range(5):
        save_topic(conn, shop.pk, Topic(f"more-{number}", {"en": f"More {number}"}), fresh=True)
        rename_tag(conn, shop.pk, f"tag-{number}", f"Called {number}")
        apply_segments(shop, {f"s-{number}": {"condition": {"topic": f"more-{number}", "is": "left"}}})
        make_contact(conn, shop, user=f"sara-{number}", name="Sara")
    with CaptureQueriesContext(connection) as many:
        assert client.get(f"/w/{shop.slug}/{path}").status_code == 200
    assert len(many) <= len(few), [each["sql"] for each in many]
    assert len(few) <= 12
