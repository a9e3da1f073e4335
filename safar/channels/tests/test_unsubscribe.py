"""Mina does not want our mail any more: the link in it, the page, the one click of her mail program, and the next message."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings
from psycopg.types.json import Jsonb

from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.channels.tokens import Unsubscribe, make_token, read_token
from safar.outbox.tests.house import NOON, Shop

WHAT = Unsubscribe(workspace_id=7, contact_id=2**53 + 5, bucket=1023, message_id=2**60)


@pytest.fixture
def mina(database_url, conn):
    """Mina, and the path of the link in the message she got."""
    shop = Shop(conn)
    person = shop.person("Mina", language="fa")
    shop.decide(person)
    dispatcher = Dispatcher(database_url, "test", sending=sending(secret_key=settings.SECRET_KEY))
    dispatcher.run_once(NOON)
    (source,) = conn.execute("SELECT source FROM mailbox WHERE workspace_id = %s", (shop.id,)).fetchone()
    link = re.fullmatch("<(.*)>", message_from_bytes(source, policy=policy.SMTP)["List-Unsubscribe"])[1]
    yield shop, person, urlsplit(link).path, dispatcher
    dispatcher.close()


@pytest.fixture
def browser(database_url):
    with override_settings(ROOT_URLCONF="safar.channels.urls"):
        yield Client(enforce_csrf_checks=True, SERVER_NAME="localhost")


def suppressed(shop, conn):
    return conn.execute("SELECT address, reason FROM suppression WHERE workspace_id = %s", (shop.id,)).fetchall()


def withdrawals(shop, conn):
    return conn.execute(
        "SELECT contact_id, name, consent, context FROM inbox WHERE workspace_id = %s AND type = 'edit'", (shop.id,)
    ).fetchall()


def test_the_link_shows_a_page_in_her_language_and_changes_nothing(mina, browser, conn):
    shop, person, path, _ = mina
    for answer in (browser.get(path), browser.head(path)):
        assert answer.status_code == 200
    page = browser.get(path)
    assert b'dir="rtl"' in page.content
    assert "لغو اشتراک" in page.content.decode()
    assert person.email in page.content.decode()
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert suppressed(shop, conn) == [] == withdrawals(shop, conn)


def test_one_click_of_the_mail_program_unsubscribes_at_once(mina, browser, conn):
    shop, person, path, dispatcher = mina
    answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert suppressed(shop, conn) == [(person.email.lower(), "unsubscribed")]
    ((contact, name, consent, context),) = withdrawals(shop, conn)
    assert (contact, name, consent) == (person.id, "unsubscribed", {"email": "withdrawn"})
    assert context["unsubscribe"]["method"] == "one_click"
    assert shop.message(person)["unsubscribed_at"] is not None  # so the map says by which message
    # The engine has not applied anything yet, and still the next message stays here.
    shop.decide(person, point=1)
    dispatcher.run_once(NOON)
    assert (shop.message(person, 1)["state"], shop.message(person, 1)["reason"]) == ("skipped", "suppressed")


def test_the_button_of_the_page_does_the_same_and_twice_is_once(mina, browser, conn):
    shop, person, path, _ = mina
    conn.execute(
        "UPDATE consent SET state = 'withdrawn' WHERE bucket = %s AND contact_id = %s", (person.bucket, person.id)
    )
    assert browser.post(path).status_code == 200
    assert browser.post(path).status_code == 200
    assert len(suppressed(shop, conn)) == 1
    assert len(withdrawals(shop, conn)) == 1


def test_an_address_changed_since_is_suppressed_too(mina, browser, conn):
    shop, person, path, _ = mina
    conn.execute(
        "UPDATE contact SET email = 'Mina.New@People.example' WHERE bucket = %s AND id = %s", (person.bucket, person.id)
    )
    browser.post(path)
    assert {address for address, _ in suppressed(shop, conn)} == {person.email.lower(), "mina.new@people.example"}


def test_a_number_goes_onto_the_list_in_one_spelling_whatever_a_shop_has_typed(mina, browser, conn):
    """What she says by the link of an SMS holds where an import has her number otherwise, with a consent of its own."""
    shop, person, _, dispatcher = mina
    shop.template("short", {"en": {"text": "Hi {{ contact.first_name }}"}}, channel="sms")
    who = (person.bucket, person.id)
    conn.execute("UPDATE contact SET phone = '0912 111 2233' WHERE bucket = %s AND id = %s", who)
    number = shop.decide(person, point=1, channel="sms", template="short")
    dispatcher.run_once(NOON)
    token = make_token(Unsubscribe(shop.id, person.id, person.bucket, number), settings.SECRET_KEY)
    browser.post(f"/u/{token}")
    assert suppressed(shop, conn) == [("+989121112233", "unsubscribed")]
    conn.execute("UPDATE contact SET phone = '+989121112233' WHERE bucket = %s AND id = %s", who)
    shop.decide(person, point=2, channel="sms", template="short")
    dispatcher.run_once(NOON)
    assert (shop.message(person, 2)["state"], shop.message(person, 2)["reason"]) == ("skipped", "suppressed")


def test_a_link_that_was_not_made_here_is_refused(mina, browser, conn):
    shop, _, path, _ = mina
    token = path.removeprefix("/u/")
    changed = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:20], "A" * 52, "x" * 5000, "%00", "توکن"]
    for wrong in changed:
        for answer in (browser.get(f"/u/{wrong}"), browser.post(f"/u/{wrong}")):
            assert answer.status_code == 404, wrong
    other_shop = make_token(Unsubscribe(shop.id + 1, 1, 1, 1), settings.SECRET_KEY)
    assert browser.post(f"/u/{other_shop}").status_code == 404
    assert suppressed(shop, conn) == []
    assert browser.put(path).status_code == 405


def test_a_link_of_before_the_key_was_changed_still_unsubscribes(mina, browser, conn):
    shop, person, path, _ = mina
    new = "the key of today, of more than thirty-two letters"
    with override_settings(SECRET_KEY=new):
        assert browser.get(path).status_code == 404, "where the old key is not kept"
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert browser.get(path).status_code == 200
        assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert suppressed(shop, conn) == [(person.email.lower(), "unsubscribed")]


def test_tokens_are_read_as_they_were_made_and_only_with_the_same_key():
    token = make_token(WHAT, "one key")
    assert len(token) == 52
    assert read_token(token, ["one key"]) == read_token(token, ["another key", "one key"]) == WHAT
    assert read_token(token, ["another key"]) is None
    for place in range(len(token)):
        bent = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert read_token(bent, ["one key"]) is None


@pytest.fixture
def topics(mina, conn):
    """The message she got is about news; offers there are as well, and something that contacts do not see."""
    shop, person, path, dispatcher = mina
    for key, fa, shown in (("news", "خبرها", True), ("offers", "تخفیف‌ها", True), ("inner", "داخلی", False)):
        conn.execute(
            "INSERT INTO topic (workspace_id, key, title, shown) VALUES (%s, %s, %s, %s)",
            (shop.id, key, Jsonb({"fa": fa}), shown),
        )
    conn.execute("UPDATE message SET topic = 'news' WHERE workspace_id = %s", (shop.id,))
    return shop, person, path, dispatcher


def said_of_topics(shop, conn):
    return conn.execute(
        "SELECT name, consent, properties ->> 'topic' FROM inbox WHERE workspace_id = %s AND name LIKE 'topic%%' ORDER BY id",
        (shop.id,),
    ).fetchall()


def test_the_page_of_a_topic_offers_the_topic_and_everything(topics, browser, conn):
    shop, _, path, _ = topics
    page = browser.get(path).content.decode()
    assert "دیگر دربارهٔ «خبرها» نفرستید" in page
    assert "دیگر هیچ ایمیلی نفرستید" in page
    assert "تخفیف‌ها" in page
    assert "داخلی" not in page
    assert said_of_topics(shop, conn) == [] == suppressed(shop, conn)


@pytest.mark.parametrize(
    ("sent", "method"), [({"List-Unsubscribe": "One-Click"}, "one_click"), ({"what": "topic"}, "page"), ({}, "page")]
)
def test_one_click_leaves_the_topic_of_the_message_and_nothing_else(topics, browser, conn, sent, method):
    shop, person, path, _ = topics
    page = browser.post(path, sent)
    assert "خبرها" in page.content.decode()
    assert said_of_topics(shop, conn) == [("topic_left", {"topic:news": "left"}, "news")]
    assert suppressed(shop, conn) == []
    ((context, journey),) = conn.execute(
        "SELECT context, properties ->> 'journey' FROM inbox WHERE workspace_id = %s AND name = 'topic_left'",
        (shop.id,),
    ).fetchall()
    assert (context["unsubscribe"]["method"], journey) == (method, "welcome")
    assert context["unsubscribe"]["address"] == person.email
    assert shop.message(person)["unsubscribed_at"] is not None


def test_everything_is_everything_for_a_message_of_a_topic_too(topics, browser, conn):
    shop, person, path, _ = topics
    browser.post(path, {"what": "everything"})
    assert suppressed(shop, conn) == [(person.email.lower(), "unsubscribed")]
    assert said_of_topics(shop, conn) == []


def test_a_topic_that_contacts_do_not_see_cannot_be_left_by_the_link(topics, browser, conn):
    shop, _, path, _ = topics
    conn.execute("UPDATE message SET topic = 'inner' WHERE workspace_id = %s", (shop.id,))
    browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert len(suppressed(shop, conn)) == 1
    assert said_of_topics(shop, conn) == []


def test_topics_are_chosen_on_the_page_and_only_changes_are_told(topics, browser, conn):
    shop, person, path, _ = topics
    conn.execute("INSERT INTO consent VALUES (%s, %s, 'topic:offers', 'left', now(), '')", (person.bucket, person.id))
    browser.post(path, {"what": "choice", "topic": ["offers", "inner", "other"]})
    assert said_of_topics(shop, conn) == [
        ("topic_left", {"topic:news": "left"}, "news"),
        ("topic_joined", {"topic:offers": "joined"}, "offers"),
    ]
    conn.execute("DELETE FROM inbox WHERE workspace_id = %s", (shop.id,))
    conn.execute("UPDATE consent SET state = 'joined' WHERE contact_id = %s AND channel = 'topic:offers'", (person.id,))
    browser.post(path, {"what": "choice", "topic": ["offers", "news"]})
    assert said_of_topics(shop, conn) == []
