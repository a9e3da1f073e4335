"""Mina does not want our mail any more: the link in it, the page, the one click of her mail program, and the next message."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings

from safar.channels.dispatch import Dispatcher
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


def test_tokens_are_read_as_they_were_made_and_only_with_the_same_key():
    token = make_token(WHAT, "one key")
    assert len(token) == 52
    assert read_token(token, "one key") == WHAT
    assert read_token(token, "another key") is None
    for place in range(len(token)):
        bent = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert read_token(bent, "one key") is None
