"""Double opt-in: Mina's address was typed into a form; whether it was Mina, she says herself."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings
from psycopg.types.json import Jsonb

from safar.channels.consent import asking, confirmation_page
from safar.channels.consent.asking import ask_unasked
from safar.channels.consent.confirming import (
    ALREADY,
    ASKED,
    MOST,
    NOBODY,
    TOO_OFTEN,
    ask_confirmation,
    needs_confirmation,
)
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.channels.tokens import CONFIRMING, Unsubscribe, make_token
from safar.contacts.privacy import Privacy, set_privacy
from safar.journeys.engine.loop import Engine
from safar.outbox.books import read_books
from safar.outbox.tests.house import Shop
from safar.postgres.connections import connect

PROOF = {"method": "form", "form": "footer", "text_version": "3", "ip": "192.0.2.7"}


@pytest.fixture
def shop(conn):
    one = Shop(conn)
    set_privacy(conn, one.id, Privacy(double_opt_in=True))
    conn.execute(
        "INSERT INTO topic (workspace_id, key, title) VALUES (%s, 'news', %s)", (one.id, Jsonb({"fa": "خبرها"}))
    )
    yield one
    assert all(line.closes for line in read_books(conn, one.id))


@pytest.fixture
def mina(shop):
    return shop.person("Mina", consent=None, language="fa")


@pytest.fixture
def send(database_url):
    def once():
        dispatcher = Dispatcher(database_url, "test", sending=sending(secret_key=settings.SECRET_KEY))
        try:
            return dispatcher.run_once(datetime.now(UTC) + timedelta(seconds=1))
        finally:
            dispatcher.close()

    return once


@pytest.fixture
def settle(database_url):
    """Let an engine apply whatever waits."""

    def now():
        engine = Engine(database_url)
        try:
            while engine.run_once():
                pass
        finally:
            engine.close()

    return now


@pytest.fixture
def browser(database_url):
    with override_settings(ROOT_URLCONF="safar.channels.urls"):
        yield Client(enforce_csrf_checks=True, SERVER_NAME="localhost", headers={"user-agent": "Mina's phone"})


def ask(conn, shop, who, **more):
    return ask_confirmation(conn, workspace_id=shop.id, contact=who.id, proof=PROOF, **more)


def letters(conn, shop):
    rows = conn.execute(
        "SELECT class, state, subject, body_html FROM message WHERE workspace_id = %s AND template = 'confirm-email' ORDER BY id",
        (shop.id,),
    )
    return rows.fetchall()


def path(letter):
    return re.search(r"(/confirm/[\w-]+)", letter[3])[1]


def consents(conn, who):
    rows = conn.execute(
        "SELECT channel, state FROM consent WHERE bucket = %s AND contact_id = %s ORDER BY 1", (who.bucket, who.id)
    )
    return dict(rows.fetchall())


def test_from_the_form_to_the_button(shop, mina, conn, send, settle, browser):
    assert ask(conn, shop, mina, topics=["news"]) == ASKED
    settle()
    send()
    assert consents(conn, mina) == {"email": "pending"}
    ((klass, state, subject, _),) = letters(conn, shop)
    assert (klass, state) == ("transactional", "accepted")
    assert subject == "عضویت خود را در Mug shop تأیید کنید"

    shop.decide(mina)  # who is pending gets no marketing
    send()
    assert (shop.message(mina)["state"], shop.message(mina)["reason"]) == ("skipped", "no_consent")

    link = path(letters(conn, shop)[0])
    for page in (browser.get(link), browser.head(link), browser.get(f"{link}?lang=en")):
        assert page.status_code == 200
    assert 'dir="rtl"' in browser.get(link).content.decode()
    settle()
    assert consents(conn, mina) == {"email": "pending"}  # looking is no yes

    for _ in range(2):
        assert browser.post(link, {"what": "yes"}).status_code == 200
        settle()
    assert consents(conn, mina) == {"email": "given", "topic:news": "joined"}
    rows = conn.execute(
        "SELECT state, method, text_version, proof ->> 'form', proof ->> 'user_agent' FROM consent_record"
        " WHERE contact_id = %s AND channel = 'email' ORDER BY id", (mina.id,),
    ).fetchall()  # fmt: skip
    assert rows == [("pending", "form", "3", "footer", None), ("given", "confirmation", "3", "footer", "Mina's phone")]
    shop.decide(mina, point=1)
    send()
    assert shop.message(mina, 1)["state"] == "accepted"
    assert ask(conn, shop, mina, topics=["news"]) == ALREADY


def test_an_old_click_does_not_undo_what_was_said_since(shop, mina, conn, send, settle, browser):
    ask(conn, shop, mina)
    send()
    link = path(letters(conn, shop)[0])
    browser.post(link, {"what": "yes"})
    settle()
    conn.execute("UPDATE consent SET state = 'withdrawn', at = now() WHERE contact_id = %s", (mina.id,))
    browser.post(link, {"what": "yes"})
    settle()
    assert consents(conn, mina) == {"email": "withdrawn"}


def test_who_had_left_comes_back_by_herself(shop, mina, conn, send, settle, browser):
    conn.execute("INSERT INTO suppression VALUES (%s, 'email', %s, 'unsubscribed', now())", (shop.id, mina.email))
    ask(conn, shop, mina)
    send()
    browser.post(path(letters(conn, shop)[0]), {"what": "yes"})
    settle()
    shop.decide(mina)
    send()
    assert shop.message(mina)["state"] == "accepted"


def test_a_link_is_good_for_seven_days_and_can_be_had_again(shop, mina, conn, send, settle, browser):
    ask(conn, shop, mina)
    send()
    link = path(letters(conn, shop)[0])
    conn.execute(
        "UPDATE confirmation SET asked_at = asked_at - interval '8 days', expires_at = now() WHERE contact_id = %s",
        (mina.id,),
    )
    assert "Send me a new one" in browser.get(f"{link}?lang=en").content.decode()
    browser.post(link, {"what": "yes"})
    settle()
    assert consents(conn, mina) == {"email": "pending"}
    assert "on its way" in browser.post(f"{link}?lang=en", {"what": "again"}).content.decode()
    send()
    browser.post(path(letters(conn, shop)[1]), {"what": "yes"})
    settle()
    assert consents(conn, mina) == {"email": "given"}


def test_a_link_of_before_the_key_was_changed_still_confirms(shop, mina, conn, send, settle, browser):
    ask(conn, shop, mina)
    send()
    new = "the key of today, of more than thirty-two letters"
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        browser.post(path(letters(conn, shop)[0]), {"what": "yes"})
    settle()
    assert consents(conn, mina) == {"email": "given"}


def test_asking_is_limited(shop, mina, conn):
    said = [ask(conn, shop, mina) for _ in range(MOST + 2)]
    assert said == [ASKED] * MOST + [TOO_OFTEN] * 2
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)
    assert ask(conn, shop, mina, now=later) == ASKED


def test_another_address_is_not_confirmed_by_an_old_link(shop, mina, conn, send, settle, browser):
    ask(conn, shop, mina)
    send()
    conn.execute("UPDATE contact SET email = 'other@people.example' WHERE id = %s", (mina.id,))
    assert "another one" in browser.post(f"{path(letters(conn, shop)[0])}?lang=en", {"what": "yes"}).content.decode()
    settle()
    assert consents(conn, mina) == {"email": "pending"}


def test_a_number_typed_otherwise_is_the_same_number(shop, mina, conn, send, browser):
    conn.execute("UPDATE contact SET phone = '0912 123 4567' WHERE id = %s", (mina.id,))
    conn.execute("INSERT INTO consent VALUES (%s, %s, 'sms', 'given', now(), '')", (mina.bucket, mina.id))
    assert ask(conn, shop, mina, channel="sms") == ALREADY
    conn.execute("INSERT INTO suppression VALUES (%s, 'sms', '+989121234567', 'unsubscribed', now())", (shop.id,))
    assert ask(conn, shop, mina, channel="sms") == ASKED, "the gate would hold everything back"
    (number,) = conn.execute("SELECT id FROM confirmation WHERE contact_id = %s", (mina.id,)).fetchone()
    link = f"/confirm/{make_token(Unsubscribe(shop.id, mina.id, mina.bucket, number), settings.SECRET_KEY, CONFIRMING)}"
    conn.execute("UPDATE contact SET phone = '+989121234567' WHERE id = %s", (mina.id,))
    assert "It is confirmed" in browser.post(f"{link}?lang=en", {"what": "yes"}).content.decode()
    assert conn.execute("SELECT FROM suppression WHERE workspace_id = %s", (shop.id,)).fetchone() is None


def test_nobody_is_asked_without_an_address(shop, conn):
    assert ask(conn, shop, shop.person("Ali", consent=None, email="")) == NOBODY
    assert ask_confirmation(conn, workspace_id=shop.id + 1, contact=shop.person("Ali").id, proof=PROOF) == NOBODY


def test_links_of_other_kinds_confirm_nothing(shop, mina, conn, send, browser):
    ask(conn, shop, mina)
    send()
    ((_, _, _, html),) = letters(conn, shop)
    other = re.search(r"/p/([\w-]+)", html)[1]
    for wrong in (f"/confirm/{other}", f"{path(letters(conn, shop)[0])[:-2]}AA", "/confirm/x"):
        assert browser.get(wrong).status_code == 404 == browser.post(wrong).status_code
    assert browser.get(path(letters(conn, shop)[0]).replace("/confirm/", "/p/")).status_code == 404


def test_who_wants_sign_ups_confirmed(shop, conn):
    """The form says it, or the workspace where the form says nothing; a topic that wants it stands before both."""
    assert needs_confirmation(conn, shop.id)
    assert not needs_confirmation(conn, shop.id, ["news"], double=False)
    set_privacy(conn, shop.id, Privacy())
    assert not needs_confirmation(conn, shop.id, ["news"])
    assert needs_confirmation(conn, shop.id, double=True)
    conn.execute("UPDATE topic SET double_opt_in = true WHERE workspace_id = %s", (shop.id,))
    assert not needs_confirmation(conn, shop.id)
    assert needs_confirmation(conn, shop.id, ["news"])
    assert needs_confirmation(conn, shop.id, ["news"], double=False)


def said_pending(conn, shop, who, at, *, channel="email", method="identify"):
    """As the engine leaves it where a program has said so."""
    conn.execute("INSERT INTO consent VALUES (%s, %s, %s, 'pending', %s, '')", (who.bucket, who.id, channel, at))
    conn.execute(
        "INSERT INTO consent_record (bucket, contact_id, workspace_id, at, channel, state, purpose, method)"
        " VALUES (%s, %s, %s, %s, %s, 'pending', 'marketing', %s)",
        (who.bucket, who.id, shop.id, at, channel, method),
    )


@pytest.mark.parametrize(
    ("method", "wanted", "asked"), [("identify", True, 1), ("identify", False, 0), ("import", True, 0)]
)
def test_what_a_program_says_to_be_pending_is_asked_for_once(shop, mina, conn, send, method, wanted, asked):
    set_privacy(conn, shop.id, Privacy(double_opt_in=wanted))
    now = datetime.now(UTC)
    said_pending(conn, shop, mina, now, method=method)
    ask_unasked(conn, now)
    assert ask_unasked(conn, now) == 0
    send()
    assert len(letters(conn, shop)) == asked


def test_two_processes_that_ask_at_once_ask_everybody_once(shop, conn, database_url):
    now = datetime.now(UTC)
    for _ in range(20):
        said_pending(conn, shop, shop.person("Sara", consent=None), now)
    ready, asked = threading.Barrier(2), []

    def one() -> None:
        with connect(database_url, application_name="asker") as own:
            ready.wait(60)
            asked.append(ask_unasked(own, now))

    askers = [threading.Thread(target=one) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(60)
    assert len(asked) == 2
    assert conn.execute("SELECT count(*) FROM confirmation WHERE workspace_id = %s", (shop.id,)).fetchone() == (20,)


def test_who_cannot_be_asked_hides_nobody(shop, conn, monkeypatch):
    """Ali gave no number, Sara was asked often enough today; Mina comes behind them."""
    monkeypatch.setattr(asking, "AT_ONCE", 1)
    conn.execute("TRUNCATE consent_record")  # of other tests
    now = datetime.now(UTC)
    ali, sara, mina = sorted((shop.person(consent=None) for _ in range(3)), key=lambda one: (one.bucket, one.id))
    said_pending(conn, shop, ali, now, channel="sms")
    for who in (sara, mina):
        said_pending(conn, shop, who, now)
    for hours in range(MOST):
        conn.execute(
            "INSERT INTO confirmation (bucket, workspace_id, contact_id, channel, address, asked_at, expires_at) VALUES (%s, %s, %s, 'email', 'x', %s, %s)",
            (sara.bucket, shop.id, sara.id, now - timedelta(hours=5 + hours), now),
        )
    assert ask_unasked(conn, now) == 1
    assert conn.execute("SELECT FROM confirmation WHERE contact_id = %s", (mina.id,)).fetchone() is not None


def test_each_topic_that_was_ticked_is_asked_for(shop, mina, conn):
    """By two forms within an hour: the letter of the first says nothing of the second's topic."""
    now = datetime.now(UTC)
    conn.execute("INSERT INTO consent VALUES (%s, %s, 'email', 'pending', %s, '')", (mina.bucket, mina.id, now))
    for topics in (["news"], ["offers"], ["news"]):
        conn.execute(
            "INSERT INTO consent_record (bucket, contact_id, workspace_id, at, channel, state, purpose, method, proof)"
            " VALUES (%s, %s, %s, %s, 'email', 'pending', 'marketing', 'form', %s)",
            (mina.bucket, mina.id, shop.id, now, Jsonb({"topics": topics, "text": "Send me news"})),
        )
    assert [ask_unasked(conn, now) for _ in range(3)] == [1, 1, 0]
    rows = conn.execute("SELECT topics, proof ->> 'text' FROM confirmation WHERE contact_id = %s ORDER BY id", (mina.id,))  # fmt: skip
    assert rows.fetchall() == [(["news"], "Send me news"), (["offers"], "Send me news")]


def test_a_topic_that_the_centre_does_not_show_is_joined_by_the_button(shop, mina, conn, send, settle, browser):
    conn.execute("UPDATE topic SET shown = false WHERE workspace_id = %s", (shop.id,))
    ask(conn, shop, mina, topics=["news"])
    settle()
    send()
    assert browser.post(path(letters(conn, shop)[0])).status_code == 200
    settle()
    assert consents(conn, mina) == {"email": "given", "topic:news": "joined"}


def test_the_page_has_a_policy_of_its_own(shop, mina, conn, send, browser):
    ask(conn, shop, mina)
    send()
    page = browser.get(path(letters(conn, shop)[0]))
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert confirmation_page.METHOD == "confirmation"
