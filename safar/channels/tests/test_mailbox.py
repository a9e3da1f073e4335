"""The built-in mailbox as a provider, and what stays in it in each of the three modes."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from safar.channels.notices.telling import GATHERS, tell_once
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.cases import ProviderCases
from safar.channels.tests.settings import sending
from safar.channels.tests.sink import running_sink
from safar.outbox.tests.house import NOON, Shop


class TestMailbox(ProviderCases):
    key = "mailbox"

    @pytest.fixture
    def settings(self):
        return sending()


@pytest.fixture
def sink():
    with running_sink() as one:
        yield one


@pytest.fixture
def run(database_url, sink):
    def once(now=NOON, **changes):
        dispatcher = Dispatcher(database_url, "test", sending=sending(**{"email_url": sink.url, **changes}))
        try:
            return dispatcher.run_once(now)
        finally:
            dispatcher.close()

    return once


def kept(conn, shop):
    return conn.execute(
        "SELECT address, reason FROM mailbox WHERE workspace_id = %s ORDER BY message_id", (shop.id,)
    ).fetchall()


def test_in_the_mode_mailbox_nothing_leaves(conn, run, sink):
    shop = Shop(conn, mode="mailbox")
    sara = shop.person()
    shop.decide(sara)
    run()
    assert sink.mails == []
    assert kept(conn, shop) == [(sara.email, "mailbox")]


def test_in_the_mode_team_only_the_team_gets_mail(conn, run, sink):
    shop = Shop(conn, mode="team")
    sara, ali = shop.person("Sara"), shop.person("Ali", email="Team@Shop.Example")
    shop.decide(sara)
    shop.decide(ali)
    run()
    assert [mail.recipients for mail in sink.mails] == [["Team@Shop.Example"]]
    assert kept(conn, shop) == [(sara.email, "not_team")]
    assert shop.message(sara)["state"] == shop.message(ali)["state"] == "accepted"


def test_the_more_careful_mode_counts(conn, run, sink):
    shop = Shop(conn, mode="live")
    sara = shop.person()
    shop.decide(sara)
    run(most="team", team_addresses=("boss@shop.example",))
    assert sink.mails == []
    assert kept(conn, shop) == [(sara.email, "not_team")]


def test_sms_stays_in_the_mailbox_in_every_mode(conn, run, sink):
    shop = Shop(conn, mode="live")
    shop.template(
        "code",
        {"fa": {"text": "کد {{ contact.first_name }}: {{ facts.orders | persian_digits }} لغو ۱۱"}},
        channel="sms",
    )
    sara = shop.person()
    conn.execute("UPDATE contact SET phone = '+989121234567' WHERE bucket = %s AND id = %s", (sara.bucket, sara.id))
    conn.execute("INSERT INTO contact_facts (bucket, contact_id, orders) VALUES (%s, %s, 12)", (sara.bucket, sara.id))
    shop.decide(sara, channel="sms", template="code")
    run()
    assert sink.mails == []
    (source, reason) = conn.execute("SELECT source, reason FROM mailbox WHERE workspace_id = %s", (shop.id,)).fetchone()
    assert (bytes(source).decode(), reason) == ("کد Sara: ۱۲ لغو ۱۱\n".strip(), "sms")
    assert shop.events()[0][1]["channel"] == "sms"


def test_a_notice_is_put_down_and_no_part_of_the_contacts_history(conn, run, sink):
    shop = Shop(conn, mode="live")
    sara = shop.person("Sara", consent=None)
    shop.decide(sara, kind="notice", text="Please call {{ contact.first_name }}")
    run()
    assert (sink.mails, kept(conn, shop), shop.events()) == ([], [], [])
    assert (shop.message(sara)["state"], shop.message(sara)["provider"]) == ("accepted", "notices")
    texts = conn.execute("SELECT texts FROM notice WHERE workspace_id = %s", (shop.id,)).fetchall()
    assert texts == [({"en": "Please call Sara", "fa": "Please call Sara"},)]


def test_a_digest_without_a_team_stays_here(conn, run, sink):
    conn.execute("TRUNCATE telling")  # tellers serve everybody
    shop = Shop(conn, mode="live")
    conn.execute("UPDATE accounts_workspace SET team_addresses = '[]' WHERE id = %s", (shop.id,))
    shop.decide(shop.person(), kind="notice", text="x")
    run()
    tell_once(conn, NOON + GATHERS)
    run(NOON + GATHERS)
    assert sink.mails == []
    assert [reason for _, reason in kept(conn, shop)] == ["no_address"]


def test_what_is_kept_is_what_would_have_been_sent(conn, run, sink):
    texts = []
    for mode in ("mailbox", "live"):
        shop = Shop(conn, mode=mode)
        shop.decide(shop.person("Sara", email=f"sara-{mode}@people.example"))
        run()
        if mode == "mailbox":
            texts.append(
                bytes(conn.execute("SELECT source FROM mailbox WHERE workspace_id = %s", (shop.id,)).fetchone()[0])
            )
        else:
            texts.append(sink.mails[-1].source)
    here, there = (message_from_bytes(text, policy=policy.SMTP) for text in texts)
    assert set(here.keys()) <= set(there.keys())
    assert here["Subject"] == there["Subject"]
    assert [part.get_content_type() for part in here.walk()] == [part.get_content_type() for part in there.walk()]
