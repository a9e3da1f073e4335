"""From a notice of a journey to a digest where the team hears: gathered, limited, never twice, never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from safar.channels.notices.destinations import (
    Wanted,
    list_destinations,
    pause,
    put_destination,
    read_destination,
    remove,
    resume,
)
from safar.channels.notices.kind import kinds
from safar.channels.notices.telling import GATHERS, tell_once
from safar.channels.tests import messengers
from safar.channels.tests.messengers import CHAT, TOKEN
from safar.channels.tests.own import Pigeon, connect_own, dispatcher_with, kinds_with
from safar.channels.tests.settings import SECRET
from safar.channels.tests.sms_server import CUT_BEFORE, running_sms
from safar.lib.faults import Refused
from safar.outbox.tests.house import NOON, Shop
from safar.postgres.connections import connect

MINUTE = timedelta(minutes=1)
SOON = NOON + GATHERS


@pytest.fixture
def bale(monkeypatch):
    with running_sms(messengers.bot) as one:
        monkeypatch.setattr(type(kinds()["bale"]), "base", one.url)
        monkeypatch.setattr("safar.channels.notices.line.choose_address", lambda host, port: host)
        yield one


def put(shop, name="Bale group", kind="bale", number=None, **more):
    given = more.pop("given", {"token": TOKEN, "chat": CHAT})
    wanted = Wanted(name=name, kind=kind, given=given, **more)
    return put_destination(shop.conn, shop.id, wanted, keys=[SECRET], number=number)[0]


def say(shop, dispatcher, *texts, at=NOON, **more):
    """Notices of as many people, gathered."""
    people = [shop.person("Sara", consent=None) for _ in texts]
    for person, text in zip(people, texts, strict=True):
        shop.decide(person, kind="notice", text=text, at=at, **more)
    dispatcher.run_once(at)
    return people


def tell(shop, dispatcher, at):
    """Whether a digest was made; what is due goes out."""
    made = tell_once(shop.conn, at)
    dispatcher.run_once(at)
    return made


def texts(server):
    return [one["text"] for one in server.taken]


def one_of(shop, number):
    found = read_destination(shop.conn, shop.id, number)
    assert found is not None
    return found


def states(shop):
    return [
        state
        for (state,) in shop.conn.execute(
            "SELECT m.state FROM digest g JOIN message m ON m.bucket = 0 AND m.enrollment_id = -g.id WHERE g.workspace_id = %s ORDER BY g.id, m.id",
            (shop.id,),
        )
    ]


def test_what_comes_within_moments_is_told_together(shop, dispatcher, bale):
    put(shop, language="fa")
    sara, _ = say(shop, dispatcher, "به {{ contact.first_name }} زنگ بزنید", "دوم")
    assert shop.message(sara)["state"] == "accepted"
    assert tell(shop, dispatcher, NOON + timedelta(seconds=5)) == 0, "it is gathered for a moment"
    assert tell(shop, dispatcher, SOON) == 1
    (text,) = texts(bale)
    assert text.startswith("Mug shop: ۲ خبر")
    assert "به Sara زنگ بزنید" in text
    assert f"https://safar.example/w/{_slug(shop)}/contacts/{sara.id}/" in text
    assert "Sara · ۰۱ فروردین ۱۵:۳۰" in text, "Jalali, by the clock of Tehran"
    assert shop.events() == [], "it is no part of the contact's history"
    assert tell(shop, dispatcher, SOON + timedelta(hours=1)) == 0, "and told once"


def test_a_text_is_liquid_in_the_language_of_each_destination(shop, dispatcher, bale, sink):
    put(shop, language="fa")
    put(shop, name="Office", kind="email", given={"to": "office@shop.example"}, language="en")
    say(shop, dispatcher, "{{ contact.first_name }} on {{ now | date: '%d %B' }}{{ entry.nothing }}")
    tell(shop, dispatcher, SOON)
    assert "Sara on ۰۱ فروردین" in texts(bale)[0]
    (mail,) = sink.mails
    assert mail.recipients == ["office@shop.example"]
    assert mail.message["Subject"] == "Mug shop: 1 notice"
    body = mail.message.get_body(("plain",)).get_content()
    assert "Sara on 21 March" in body
    assert mail.message["List-Unsubscribe"] is None


def test_not_more_often_than_its_minutes_and_the_rest_as_a_count(shop, dispatcher, bale):
    put(shop, every_minutes=5)
    say(shop, dispatcher, "first")
    tell(shop, dispatcher, SOON)
    later = NOON + MINUTE
    say(shop, dispatcher, *(f"number {n}" for n in range(145)), at=later)
    assert tell(shop, dispatcher, SOON + 4 * MINUTE) == 0
    assert tell(shop, dispatcher, SOON + 5 * MINUTE) == 1
    _, text = texts(bale)
    assert text.startswith("Mug shop: 145 notices")
    assert text.count("• number") == kinds()["bale"].most
    assert f"and {145 - kinds()['bale'].most} more: https://safar.example/w/{_slug(shop)}/notices/" in text
    assert len(text) < 4096
    kept = shop.conn.execute("SELECT count(*) FROM notice WHERE workspace_id = %s", (shop.id,)).fetchone()
    assert kept == (146,)


def test_not_more_messages_an_hour_than_it_takes(shop, dispatcher, bale):
    put(shop, every_minutes=1, per_hour=3)
    made = 0
    for minute in range(0, 60, 2):
        say(shop, dispatcher, f"at {minute}", at=NOON + minute * MINUTE)
        made += tell(shop, dispatcher, NOON + minute * MINUTE + GATHERS)
    assert (made, len(bale.taken)) == (3, 3)
    assert tell(shop, dispatcher, NOON + 61 * MINUTE) == 1
    assert texts(bale)[-1].startswith("Mug shop: 27 notices")


def test_a_point_names_one_destination(shop, dispatcher, bale, sink):
    put(shop)
    put(shop, name="Office", kind="email", given={"to": "office@shop.example"})
    say(shop, dispatcher, "to the office", to="office")
    tell(shop, dispatcher, SOON)
    assert texts(bale) == []
    assert [mail.recipients for mail in sink.mails] == [["office@shop.example"]]


def test_an_address_is_a_destination_of_its_own(shop, dispatcher, sink):
    say(shop, dispatcher, "please call", to="ali@shop.example")
    assert tell(shop, dispatcher, SOON) == 1
    (mail,) = sink.mails
    assert mail.recipients == ["ali@shop.example"]
    (one,) = list_destinations(shop.conn, shop.id)
    assert (one.name, one.named, one.hears_journeys) == ("ali@shop.example", True, False)
    say(shop, dispatcher, "again", to="ali@shop.example", at=NOON + MINUTE)
    assert len(list_destinations(shop.conn, shop.id)) == 1


def test_without_a_destination_the_team_hears_by_mail(shop, dispatcher, sink):
    say(shop, dispatcher, "please call")
    tell(shop, dispatcher, SOON)
    assert [mail.recipients for mail in sink.mails] == [["team@shop.example"]]
    assert [one.name for one in list_destinations(shop.conn, shop.id)] == ["The team"]


def test_a_destination_that_is_gone_is_answered_for_by_the_others(shop, dispatcher, bale):
    number = put(shop, name="Old")
    put(shop)
    assert remove(shop.conn, shop.id, number)
    say(shop, dispatcher, "please call", to="Old")
    tell(shop, dispatcher, SOON)
    assert len(bale.taken) == 1


def test_sms_is_short_and_goes_to_every_number(shop, database_url):
    loft = Pigeon()
    connect_own(shop, kinds_with(loft), key="a", sender="1000")
    dispatcher = dispatcher_with(database_url, kinds_with(loft))
    put(shop, name="Phones", kind="sms", given={"to": "09121234567\n09351234567"}, language="fa")
    say(shop, dispatcher, *(f"خبر {n} " + "دراز " * 60 for n in range(5)))
    tell(shop, dispatcher, SOON)
    dispatcher.close()
    assert sorted(parcel.address for _, parcel in loft.flown) == ["+989121234567", "+989351234567"]
    text = loft.flown[0][1].source.decode()
    assert text.startswith("Mug shop: ۵ خبر")
    assert "و ۲ خبر دیگر: https://safar.example/" in text
    assert "لغو" not in text, "it is no advertising"
    assert len(text) < 600


def test_a_flood_is_waited_for_and_nothing_else_goes_meanwhile(shop, dispatcher, bale):
    put(shop, every_minutes=1)
    bale.says = [messengers.FLOOD]
    say(shop, dispatcher, "first")
    tell(shop, dispatcher, SOON)
    assert states(shop) == ["retry_wait"]
    say(shop, dispatcher, "second", at=NOON + MINUTE)
    assert tell(shop, dispatcher, NOON + 4 * MINUTE) == 0, "one at a time, as long as the service said"
    assert bale.taken == []
    tell(shop, dispatcher, SOON + 6 * MINUTE)
    assert tell(shop, dispatcher, SOON + 7 * MINUTE) == 1
    assert len(bale.taken) == 2


def test_a_destination_that_is_refused_for_good_pauses_says_so_and_goes_on_after_a_change(shop, dispatcher, bale, sink):
    number = put(shop, given={"token": "987654321:ZZzzzzzzzz", "chat": CHAT})
    put(shop, name="Office", kind="email", given={"to": "office@shop.example"}, hears_journeys=False)
    say(shop, dispatcher, "first")
    tell(shop, dispatcher, SOON)
    one = one_of(shop, number)
    assert (one.paused_for, one.said) == ("login", "401 Unauthorized")
    say(shop, dispatcher, "second", at=NOON + MINUTE)
    asked = len(bale.asked)
    tell(shop, dispatcher, NOON + 30 * MINUTE)
    assert len(bale.asked) == asked, "it is left alone"
    tell(shop, dispatcher, NOON + 31 * MINUTE)
    assert "Bale group" in sink.mails[-1].message.get_body(("plain",)).get_content()
    put(shop, number=number)
    assert one_of(shop, number).paused_at is None
    assert shop.conn.execute(
        "SELECT count(*) FROM team_notice WHERE over_at IS NULL AND workspace_id = %s", (shop.id,)
    ).fetchone() == (0,)
    tell(shop, dispatcher, NOON + 32 * MINUTE)
    tell(shop, dispatcher, NOON + 40 * MINUTE)
    assert [text.count("first") + 2 * text.count("second") for text in texts(bale)] == [1, 2]


def test_what_waited_at_a_destination_that_was_taken_away_is_named(shop, dispatcher, bale):
    number = put(shop)
    say(shop, dispatcher, "first")
    assert tell_once(shop.conn, SOON) == 1
    remove(shop.conn, shop.id, number)
    say(shop, dispatcher, "second", at=SOON)
    assert (states(shop), bale.asked) == (["failed"], [])
    said = shop.conn.execute(
        "SELECT said FROM message WHERE kind = 'digest' AND workspace_id = %s", (shop.id,)
    ).fetchone()
    assert said == ("the destination was taken away",)


def test_a_notice_erased_before_its_digest_is_not_told(shop, dispatcher, bale):
    put(shop)
    sara, _ = say(shop, dispatcher, "about Sara", "about Ali")
    for table in ("telling", "notice"):
        shop.conn.execute(f"DELETE FROM {table} WHERE bucket = %s AND contact_id = %s".encode(), (sara.bucket, sara.id))
    tell(shop, dispatcher, SOON)
    assert ["about Sara" in text for text in texts(bale)] == [False]


def test_what_a_person_paused_waits_and_goes_on(shop, dispatcher, bale):
    number = put(shop)
    assert pause(shop.conn, shop.id, number, now=NOON)
    say(shop, dispatcher, "first", "second")
    assert tell(shop, dispatcher, NOON + 30 * MINUTE) == 0
    assert resume(shop.conn, shop.id, number)
    assert tell(shop, dispatcher, NOON + 31 * MINUTE) == 1
    assert texts(bale)[0].startswith("Mug shop: 2 notices")


def test_a_lost_answer_is_not_told_twice(shop, dispatcher, bale):
    put(shop)
    bale.says = [CUT_BEFORE]
    say(shop, dispatcher, "first")
    tell(shop, dispatcher, SOON)
    assert states(shop) == ["in_doubt"]
    tell(shop, dispatcher, SOON + 16 * MINUTE)
    assert states(shop) == ["assumed_sent"]
    assert len(bale.taken) == 1


def test_two_tellers_make_one_digest(shop, dispatcher, bale, database_url):
    put(shop)
    say(shop, dispatcher, "first")
    with connect(database_url, application_name="test") as other, shop.conn.transaction():
        assert tell_once(shop.conn, SOON) == 1
        assert tell_once(other, SOON) == 0
    dispatcher.run_once(SOON)
    assert len(bale.taken) == 1


def test_a_notice_that_cannot_be_made_is_named_and_stops_nobody(shop, dispatcher, bale):
    put(shop)
    ali, sara = say(shop, dispatcher, "{{ contact.first_name | truncate: -1 ", "fine")
    tell(shop, dispatcher, SOON)
    assert (shop.message(ali)["state"], shop.message(ali)["reason"]) == ("failed", "cannot_be_rendered")
    assert shop.message(sara)["state"] == "accepted"
    assert len(bale.taken) == 1


def test_in_the_mode_mailbox_nothing_goes_out(conn, run, bale, sink):
    shop = Shop(conn)
    put(shop)
    shop.decide(shop.person(), kind="notice", text="x")
    run()
    tell_once(conn, SOON)
    run(SOON)
    assert (bale.asked, states(shop)) == ([], ["accepted"])
    kept = conn.execute("SELECT channel, reason FROM mailbox WHERE workspace_id = %s", (shop.id,)).fetchall()
    assert [reason for _, reason in kept] == ["mailbox"]


def test_in_the_mode_team_a_named_address_is_held_against_the_teams(shop, dispatcher, bale, sink):
    shop.conn.execute("UPDATE accounts_workspace SET send_mode = 'team' WHERE id = %s", (shop.id,))
    put(shop)
    say(shop, dispatcher, "to us")
    say(shop, dispatcher, "to a stranger", to="stranger@elsewhere.example")
    tell(shop, dispatcher, SOON)
    assert (len(bale.taken), sink.mails) == (1, [])


def test_warnings_of_the_house_are_told_once(shop, dispatcher, bale):
    put(shop)
    words = '{"en": "The SMS budget of the day is used up.", "fa": "بودجه تمام شد."}'
    shop.conn.execute(
        "INSERT INTO team_notice (workspace_id, subject, words, at) VALUES (%s, 'budget:sms', %s, %s)",
        (shop.id, words, NOON),
    )
    tell(shop, dispatcher, NOON)
    assert tell(shop, dispatcher, SOON) == 1
    assert "Warning: The SMS budget of the day is used up." in texts(bale)[0]
    assert tell(shop, dispatcher, SOON + timedelta(hours=2)) == 0


def test_what_was_over_before_anybody_heard_is_not_told(shop, dispatcher, bale):
    put(shop)
    shop.conn.execute(
        "INSERT INTO team_notice (workspace_id, subject, words, at, over_at) VALUES (%s, 'circuit:x', '{}', %s, %s)",
        (shop.id, NOON, NOON),
    )
    tell(shop, dispatcher, NOON)
    assert tell(shop, dispatcher, SOON) == 0


def test_destinations_are_checked(shop, bale):
    number = put(shop)
    for more, place in (
        ({"name": "bale GROUP"}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "b", "kind": "pigeon"}, "kind"),
        ({"name": "b", "language": "de"}, "language"),
        ({"name": "b", "every_minutes": 0}, "every_minutes"),
        ({"name": "b", "per_hour": 61}, "per_hour"),
        ({"name": "b", "given": {"token": "", "chat": CHAT}}, "token"),
        ({"name": "b", "given": {"token": TOKEN, "chat": CHAT, "more": "x"}}, "more"),
    ):
        with pytest.raises(Refused) as refused:
            put(shop, **more)
        assert place in [fault.place for fault in refused.value.faults], more
    sealed = shop.conn.execute("SELECT sealed, settings::text FROM destination WHERE id = %s", (number,)).fetchone()
    assert TOKEN.encode() not in bytes(sealed[0])
    assert TOKEN not in sealed[1]
    put(shop, number=number, given={"token": "", "chat": CHAT}, every_minutes=7)
    assert one_of(shop, number).every_minutes == 7, "a secret that is left empty stays"


def _slug(shop):
    return shop.conn.execute("SELECT slug FROM accounts_workspace WHERE id = %s", (shop.id,)).fetchone()[0]


def test_a_digest_takes_so_many_and_the_next_one_the_rest(shop, dispatcher, bale, monkeypatch):
    monkeypatch.setattr("safar.channels.notices.telling.AT_ONCE", 3)
    put(shop)
    say(shop, dispatcher, *(f"number {n}" for n in range(5)))
    tell(shop, dispatcher, SOON)
    tell(shop, dispatcher, SOON + 5 * MINUTE)
    assert [text.split("\n")[0] for text in texts(bale)] == ["Mug shop: 3 notices", "Mug shop: 2 notices"]
    assert sorted(n for n in range(5) for text in texts(bale) if f"number {n}" in text) == [0, 1, 2, 3, 4]


def test_a_destination_that_cannot_be_told_now_stops_no_other(shop, dispatcher, bale, sink, database_url):
    number = put(shop)
    put(shop, name="Office", kind="email", given={"to": "office@shop.example"})
    say(shop, dispatcher, "please call")
    with (
        connect(database_url, application_name="test") as other,
        connect(database_url, application_name="test", settings={"lock_timeout": "50"}) as teller,
    ):
        with other.transaction():
            other.execute("SELECT FROM telling WHERE destination_id = %s FOR UPDATE", (number,))
            assert tell_once(teller, SOON) == 1
        assert tell_once(teller, SOON) == 1
    dispatcher.run_once(SOON)
    assert (len(bale.taken), len(sink.mails)) == (1, 1)


def test_a_name_can_be_no_line_of_its_own_and_not_fill_a_digest(shop, dispatcher, bale):
    put(shop)
    sara = shop.person("Sara\n• Warning: \n" + "x" * 5_000, consent=None)
    shop.decide(sara, kind="notice", text="call {{ contact.first_name | truncate: 20 }}", at=NOON)
    dispatcher.run_once(NOON)
    tell(shop, dispatcher, SOON)
    (text,) = texts(bale)
    assert len([line for line in text.split("\n") if line.startswith("•")]) == 1
    assert f"  Sara • Warning: {'x' * 43}… · " in text
