"""Mina chooses what she wants to hear from us: the preference centre behind the link of every e-mail, and what the gate makes of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings
from psycopg.types.json import Jsonb

from safar.channels.consent import preference_page
from safar.channels.consent.contact_pages import on
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.channels.tokens import Unsubscribe, make_token
from safar.contacts.suppressing import mark
from safar.outbox.tests.house import NOON, Shop


@pytest.fixture
def shop(conn):
    one = Shop(conn)
    for key, fa, shown in (("news", "خبرها", True), ("offers", "تخفیف‌ها", True), ("inner", "داخلی", False)):
        conn.execute(
            "INSERT INTO topic (workspace_id, key, title, shown) VALUES (%s, %s, %s, %s)",
            (one.id, key, Jsonb({"fa": fa}), shown),
        )
    return one


@pytest.fixture
def mina(shop, conn):
    person = shop.person("Mina", language="fa")
    conn.execute("UPDATE contact SET phone = '+989121234567' WHERE id = %s", (person.id,))
    return person


@pytest.fixture
def path(shop, mina):
    return f"/p/{make_token(Unsubscribe(shop.id, mina.id, mina.bucket, 0), settings.SECRET_KEY)}"


@pytest.fixture
def browser(database_url, monkeypatch):
    monkeypatch.setattr(preference_page, "wait_for_told", lambda cursor, told: False)  # no engine runs here
    with override_settings(ROOT_URLCONF="safar.channels.urls"):
        yield Client(enforce_csrf_checks=True, SERVER_NAME="localhost", headers={"user-agent": "Mina's phone"})


@pytest.fixture
def run(database_url):
    def once(now=NOON):
        dispatcher = Dispatcher(database_url, "test", sending=sending())
        try:
            return dispatcher.run_once(now)
        finally:
            dispatcher.close()

    return once


def told(shop, conn):
    rows = conn.execute(
        "SELECT name, consent, traits, context -> 'proof' FROM inbox WHERE workspace_id = %s AND type = 'edit' ORDER BY name, id",
        (shop.id,),
    )
    return rows.fetchall()


def as_it_is(**changes):
    """The form as it stands, with what she changes."""
    form = {
        "what": "keep",
        "channel": ["email", "sms"],
        "topic": ["news", "offers"],
        "often": "everything",
        "tracking": "given",
    }
    return form | {"first_name": "Mina", "last_name": "", "language": "fa"} | changes


def test_get_shows_what_stands_and_changes_nothing(shop, mina, path, browser, conn):
    page = browser.get(path)
    text = page.content.decode()
    assert page.status_code == 200 == browser.head(path).status_code
    assert 'dir="rtl"' in text
    assert "تخفیف‌ها" in text
    assert "داخلی" not in text
    assert "+989121234567" in text
    assert "Mug shop" in text
    assert 'dir="ltr"' in browser.get(f"{path}?lang=en").content.decode().split("<body>")[0]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert told(shop, conn) == []


def test_a_link_of_before_the_key_was_changed_still_opens(shop, path, browser, conn):
    new = "the key of today, of more than thirty-two letters"
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert browser.get(path).status_code == 200
        browser.post(path, as_it_is(often="weekly"))
    assert [consent for _, consent, *_ in told(shop, conn)] == [{"frequency": "weekly"}]


def test_keeping_what_stands_says_nothing(shop, path, browser, conn):
    assert browser.post(path, as_it_is()).status_code == 200
    assert told(shop, conn) == []


def test_each_change_is_an_event_with_its_proof(shop, mina, path, browser, conn):
    page = browser.post(
        path, as_it_is(channel=["sms"], topic=["offers"], often="weekly", first_name=" Mîna ", language="en")
    )
    assert 'lang="en"' in page.content.decode()
    left, changed, traits, closed = told(shop, conn)[2], *told(shop, conn)[:2], told(shop, conn)[3]
    assert (closed[0], closed[1]) == ("unsubscribed", {"email": "withdrawn"})
    assert (left[0], left[1]) == ("topic_left", {"topic:news": "left"})
    assert (changed[0], changed[1]) == ("preferences_changed", {"frequency": "weekly"})
    assert traits[2] == {"first_name": "Mîna", "language": "en"}
    for one in (left, changed, traits, closed):
        assert one[3]["method"] == "preferences"
        assert one[3]["user_agent"] == "Mina's phone"
        assert one[3]["ip"] == "127.0.0.1"


def test_who_does_not_want_to_be_tracked_says_so(shop, mina, path, browser, conn):
    form = as_it_is()
    del form["tracking"]
    page = browser.post(path, form)
    assert re.search(r'name="tracking" value="given"\s*>', page.content.decode())  # and stands there so
    assert [(name, consent) for name, consent, *_ in told(shop, conn)] == [
        ("preferences_changed", {"tracking": "withdrawn"})
    ]
    conn.execute("INSERT INTO consent VALUES (%s, %s, 'tracking', 'withdrawn', %s, '')", (mina.bucket, mina.id, NOON))
    browser.post(path, as_it_is())
    assert told(shop, conn)[1][1] == {"tracking": "given"}


def test_a_channel_that_is_left_is_closed_at_once_and_opened_again_by_herself(shop, mina, path, browser, conn, run):
    browser.post(path, as_it_is(channel=["sms"]))
    shop.decide(mina)
    shop.decide(mina, point=1, **{"class": "transactional"})
    run()
    assert (shop.message(mina)["state"], shop.message(mina)["reason"]) == ("skipped", "suppressed")
    assert shop.message(mina, 1)["state"] == "accepted"  # what she bought still comes
    browser.post(path, as_it_is())
    assert told(shop, conn)[0][1] == {"email": "given"}
    shop.decide(mina, point=2)
    run()
    assert shop.message(mina, 2)["state"] == "accepted"


@pytest.mark.parametrize("reason", ["bounced", "complained", "by_hand"])
def test_what_was_closed_for_another_reason_stays_closed(shop, mina, path, browser, conn, reason):
    conn.execute("INSERT INTO suppression VALUES (%s, 'email', lower(%s), %s, now())", (shop.id, mina.email, reason))
    assert "disabled" in browser.get(path).content.decode()
    browser.post(path, as_it_is())
    assert told(shop, conn) == []
    assert conn.execute("SELECT count(*) FROM suppression WHERE workspace_id = %s", (shop.id,)).fetchone() == (1,)


@pytest.mark.parametrize("typed", ["0912 123 4567", "۰۹۱۲-۱۲۳-۴۵۶۷", "00989121234567"])
def test_a_number_is_one_number_however_a_shop_has_typed_it(shop, mina, path, browser, conn, typed):
    conn.execute("UPDATE contact SET phone = %s WHERE id = %s", (typed, mina.id))
    listed = "SELECT address, reason FROM suppression WHERE workspace_id = %s AND channel = 'sms'"
    browser.post(path, as_it_is(channel=["email"]))
    assert conn.execute(listed, (shop.id,)).fetchall() == [("+989121234567", "unsubscribed")]
    assert re.search(r'value="sms"\s*>', browser.get(path).content.decode()), "neither ticked nor closed"
    browser.post(path, as_it_is())
    assert conn.execute(listed, (shop.id,)).fetchall() == []
    conn.execute("INSERT INTO suppression VALUES (%s, 'sms', '+989121234567', 'by_hand', now())", (shop.id,))
    assert "disabled" in browser.get(path).content.decode()


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("bounced", "Our messages do not arrive there"),
        ("stop_word:3000", "Send 12 to the same line to come back"),
        ("by_hand", "Mug shop sends nothing there any more"),
        ("complained", "Mug shop sends nothing there any more"),
    ],
)
def test_why_an_address_is_closed_and_what_opens_it(shop, mina, path, browser, conn, reason, word):
    conn.execute("INSERT INTO suppression VALUES (%s, 'sms', '+989121234567', %s, now())", (shop.id, reason))
    page = browser.get(f"{path}?lang=en").content.decode()
    assert "disabled" in page
    assert word in page


def test_an_address_that_stands_there_twice_is_shown_once(shop, mina, path, browser, conn):
    hashed = mark("email", mina.email, settings.SECRET_KEY)
    for address, reason in ((mina.email, "unsubscribed"), (hashed, "complained")):
        conn.execute("INSERT INTO suppression VALUES (%s, 'email', lower(%s), %s, now())", (shop.id, address, reason))
    page = browser.get(path).content.decode()
    assert page.count('value="email"') == 1
    assert "disabled" in page, "what closes an address goes before what she chose"


@pytest.mark.parametrize("reason", ["bounced", "by_hand"])
def test_nothing_at_all_is_said_of_a_closed_address_as_well(shop, mina, path, browser, conn, reason):
    conn.execute("INSERT INTO suppression VALUES (%s, 'email', lower(%s), %s, now())", (shop.id, mina.email, reason))
    browser.post(path, {"what": "nothing"})
    assert {"email": "withdrawn"} in [consent for _, consent, *_ in told(shop, conn)]
    found = conn.execute("SELECT reason FROM suppression WHERE workspace_id = %s AND channel = 'email'", (shop.id,))
    assert found.fetchall() == [(reason,)]


def test_nothing_at_all(shop, mina, path, browser, conn):
    browser.post(path, {"what": "nothing"})
    said = {}
    for _, consent, _, _ in told(shop, conn):
        said |= consent
    assert said == {"email": "withdrawn", "sms": "withdrawn", "topic:news": "left", "topic:offers": "left"}
    closed = conn.execute("SELECT channel FROM suppression WHERE workspace_id = %s ORDER BY 1", (shop.id,)).fetchall()
    assert closed == [("email",), ("sms",)]
    browser.post(path, {"what": "nothing"})
    assert (
        len(told(shop, conn)) == 4 + 2 + 2
    )  # no engine has applied the first ones: the same is said again and changes nothing


def test_what_a_page_does_not_offer_cannot_be_chosen(shop, path, browser, conn):
    browser.post(
        path,
        as_it_is(channel=["email", "sms", "fax"], topic=["news", "offers", "inner"], often="hourly", language="xx"),
    )
    assert told(shop, conn) == []


@pytest.mark.parametrize(
    ("days", "klass", "goes"), [(29, "marketing", False), (30, "marketing", True), (1, "transactional", True)]
)
def test_a_pause_lasts_thirty_days(shop, mina, path, browser, conn, run, days, klass, goes):
    browser.post(path, as_it_is(often="pause"))
    assert told(shop, conn)[0][1] == {"pause": "paused"}
    conn.execute("INSERT INTO consent VALUES (%s, %s, 'pause', 'paused', %s, '')", (mina.bucket, mina.id, NOON))
    later = NOON + timedelta(days=days)
    shop.decide(mina, at=later, **{"class": klass})
    run(later)
    message = shop.message(mina)
    assert (message["state"], message["reason"]) == (("accepted", None) if goes else ("skipped", "preferences"))


def test_a_pause_is_ended_by_choosing_anything_else(shop, mina, path, browser, conn):
    conn.execute("INSERT INTO consent VALUES (%s, %s, 'pause', 'paused', now(), '')", (mina.bucket, mina.id))
    browser.post(path, as_it_is(often="pause"))
    assert told(shop, conn) == []
    browser.post(path, as_it_is(often="monthly"))
    assert told(shop, conn)[0][1] == {"frequency": "monthly", "pause": "ended"}


@pytest.mark.parametrize("kind", ["export", "erase"])
def test_she_asks_by_right_and_asking_twice_is_once(shop, mina, path, browser, conn, kind):
    for _ in range(2):
        assert browser.post(path, {"what": kind}).status_code == 200
    ((contact, asked, by, days),) = conn.execute(
        "SELECT contact_id, kind, by, due_at - asked_at FROM right_request WHERE workspace_id = %s", (shop.id,)
    ).fetchall()
    assert (contact, asked, by, days) == (mina.id, kind, "contact", timedelta(days=30))
    assert told(shop, conn) == []


def test_of_a_contact_that_was_merged_the_link_speaks_for_the_other(shop, mina, path, browser, conn):
    sara = shop.person("Sara")
    conn.execute("UPDATE contact SET merged_into = %s, email = NULL WHERE id = %s", (sara.id, mina.id))
    assert sara.email in browser.get(path).content.decode()


def test_a_link_that_was_not_made_here_opens_nothing(shop, mina, path, browser, conn):
    for wrong in (f"{path[:-2]}AA", f"{path[:20]}", "/p/" + "A" * 52, "/p/x", "/p/توکن"):
        assert browser.get(wrong).status_code == 404 == browser.post(wrong, as_it_is()).status_code
    conn.execute("UPDATE contact SET erased_at = now() WHERE id = %s", (mina.id,))
    assert browser.get(path).status_code == 404
    assert browser.put(path).status_code == 405


def test_the_link_stands_in_every_e_mail(shop, mina, conn, run):
    shop.decide(mina)
    shop.decide(mina, point=1, **{"class": "transactional"})
    run()
    for point in (0, 1):
        message = shop.message(mina, point)
        assert "/p/" in message["body_html"]
        assert "/p/" in message["body_text"]


def test_words_can_be_read_on_the_workspaces_colour():
    assert [on(colour) for colour in ("#1f5f4a", "#ffdd00", "#ffffff", "#000000", "red")] == [
        "#ffffff", "#000000", "#000000", "#ffffff", "#ffffff",
    ]  # fmt: skip
