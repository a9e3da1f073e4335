"""The dispatcher with a real SMTP server and a hand-moved clock: refusals, retries, circuits, rates, fairness, stops."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from safar.channels.mail import smtp_line as smtp
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending, states
from safar.outbox.finish import LONGEST_WAIT, MOST_REFUSALS, back_off
from safar.outbox.tests.house import NOON, Shop

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_not_now_is_tried_again_later_as_the_same_message(shop, sink, dispatcher):
    sara = shop.person()
    shop.decide(sara)
    sink.say("rcpt", "450 4.2.0 greylisted")
    assert dispatcher.run_once(NOON) == 1
    assert shop.message(sara)["state"] == "retry_wait"
    shop.template("welcome", {"en": {"subject": "changed since", "html": "changed"}})
    assert dispatcher.run_once(NOON + 29 * SECOND) == 0
    assert dispatcher.run_once(NOON + MINUTE) == 1
    assert shop.message(sara)["state"] == "accepted"
    (mail,) = sink.mails
    assert mail.message["Subject"] == "Hello Sara"
    assert mail.message["Message-ID"] == shop.message(sara)["message_id_header"]
    assert [name for name, _ in shop.events()] == ["message_sent"]


def test_patience_ends(shop, sink, dispatcher):
    sara = shop.person()
    shop.decide(sara)
    sink.say("rcpt", *["450 4.2.0 greylisted"] * MOST_REFUSALS)
    now = NOON
    for _ in range(MOST_REFUSALS):
        assert dispatcher.run_once(now) == 1
        now += LONGEST_WAIT
    assert dispatcher.run_once(now) == 0
    assert (shop.message(sara)["state"], shop.message(sara)["reason"]) == ("failed", "given_up")
    assert shop.message(sara)["attempt"] == MOST_REFUSALS


def test_back_off_grows_is_bounded_and_scattered():
    waits = [back_off(n, lambda: 1.0) for n in range(1, 12)]
    assert waits[:4] == [MINUTE, 4 * MINUTE, 16 * MINUTE, 64 * MINUTE]
    assert max(waits) == LONGEST_WAIT
    assert back_off(3, lambda: 0.0) == 8 * MINUTE
    assert len({back_off(3) for _ in range(20)}) > 10


def test_a_refusal_for_good(shop, sink, dispatcher):
    sara = shop.person()
    shop.decide(sara)
    sink.say("rcpt", "550 5.1.1 no such user")
    dispatcher.run_once(NOON)
    assert (shop.message(sara)["state"], shop.message(sara)["reason"]) == ("failed", "bad_address")
    assert shop.message(sara)["said"].startswith("550 5.1.1")
    assert shop.events()[0][1]["reason"] == "bad_address"


def test_no_answer_is_a_doubt_and_never_a_second_sending(shop, sink, dispatcher):
    sara = shop.person()
    shop.decide(sara)
    sink.say("data", "taken, then drop")
    dispatcher.run_once(NOON)
    assert shop.message(sara)["state"] == "in_doubt"
    for minutes in (1, 14, 15, 60, 1000):
        dispatcher.run_once(NOON + minutes * MINUTE)
    assert shop.message(sara)["state"] == "assumed_sent"
    assert len(sink.mails) == 1


def test_an_account_refusal_opens_the_circuit_and_a_probe_a_minute_closes_it(shop, sink, dispatcher, conn):
    people = [shop.person() for _ in range(5)]
    for person in people:
        shop.decide(person)
    refusal = "550 5.4.5 Daily user sending limit exceeded"
    sink.say("data", refusal, refusal)
    assert dispatcher.run_once(NOON) == 1  # one met it, the others were not tried
    assert conn.execute("SELECT provider, reason FROM circuit").fetchall() == [("smtp", "quota")]
    ((words,),) = conn.execute("SELECT words FROM team_notice WHERE over_at IS NULL").fetchall()
    assert "quota" in words["en"]
    assert "سهمیه" in words["fa"]
    assert dispatcher.run_once(NOON + 59 * SECOND) == 0
    assert dispatcher.run_once(NOON + MINUTE) == 1  # the probe, refused
    assert len(sink.mails) == 0
    assert {shop.outbox(person)["state"] for person in people} == {0}
    assert dispatcher.run_once(NOON + 2 * MINUTE) >= 1  # gets through
    dispatcher.run_once(NOON + 4 * MINUTE)
    assert states(shop, people) == ["accepted"] * 5
    assert conn.execute("SELECT FROM circuit").fetchall() == []
    assert conn.execute("SELECT FROM team_notice WHERE over_at IS NULL").fetchall() == []
    assert len(sink.mails) == 5


def test_what_waited_too_long_for_a_circuit_is_skipped(shop, sink, dispatcher):
    sara, ali = shop.person("Sara"), shop.person("Ali")
    for person in (sara, ali):
        shop.decide(person, not_after=NOON + HOUR)
    sink.say("mail", "530 5.7.0 Authentication required")
    dispatcher.run_once(NOON)
    dispatcher.run_once(NOON + HOUR)
    assert states(shop, (sara, ali)) == ["skipped", "skipped"]
    assert shop.message(ali)["reason"] == "expired"
    assert sink.mails == []


def test_a_refused_sender_of_one_workspace_stops_no_other(shop, sink, dispatcher, conn):
    other = Shop(conn, mode="live")
    sara, ali = shop.person("Sara"), other.person("Ali")
    shop.decide(sara)
    sink.say("mail", "550 5.1.8 sender domain not found")
    dispatcher.run_once(NOON)
    other.decide(ali)
    dispatcher.run_once(NOON + SECOND)
    assert conn.execute("SELECT provider, workspace_id FROM circuit").fetchall() == [("smtp", shop.id)]
    assert shop.outbox(sara)["state"] == 0
    assert other.message(ali)["state"] == "accepted"
    dispatcher.run_once(NOON + 2 * MINUTE)
    assert shop.message(sara)["state"] == "accepted"


def test_a_message_that_always_looks_like_an_account_refusal_is_found_out(shop, sink, dispatcher, conn):
    """Its words are about the sender, but all others get through: it gives up and does not stand in the way for ever."""
    poison = shop.person("Poison")
    shop.decide(poison)
    now = NOON
    for _ in range(MOST_REFUSALS * 3):
        person = shop.person()
        shop.decide(person, at=now)
        sink.answers["rcpt"] = []
        sink.poison = poison.email
        dispatcher.run_once(now)
        now += MINUTE
    assert shop.message(poison)["state"] == "failed"
    assert shop.message(poison)["reason"] == "given_up"
    dispatcher.run_once(now + 5 * MINUTE)
    assert len(sink.mails) == MOST_REFUSALS * 3
    assert conn.execute("SELECT FROM circuit").fetchall() == []


def test_an_unreachable_server_costs_no_message_its_patience(shop, database_url, conn):
    sara = shop.person()
    shop.decide(sara)
    one = Dispatcher(database_url, "test", sending=sending(email_url="smtp://127.0.0.1:1?tls=none"))
    for minute in range(MOST_REFUSALS + 3):
        assert one.run_once(NOON + minute * 2 * MINUTE) == 1
    one.close()
    assert shop.outbox(sara)["state"] == 0
    assert conn.execute("SELECT reason FROM circuit").fetchall() == [("unreachable",)]
    conn.execute("DELETE FROM circuit")


def test_marketing_is_not_sent_where_nobody_could_unsubscribe_with_one_click(shop, sink, database_url, conn):
    sara, ali = shop.person("Sara"), shop.person("Ali")
    shop.decide(sara)
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, public_url="http://localhost:8000"))
    one.run_once(NOON)
    assert shop.outbox(sara)["state"] == 0
    assert conn.execute("SELECT reason FROM circuit").fetchall() == [("settings",)]
    conn.execute("DELETE FROM circuit")
    conn.execute("DELETE FROM outbox")
    shop.decide(ali, **{"class": "transactional"})
    one.run_once(NOON)
    one.close()
    assert shop.message(ali)["state"] == "accepted"


@pytest.mark.parametrize(
    ("rate", "window", "first"),
    [("per_second", SECOND, 1), ("per_hour", HOUR, 3), ("per_day", timedelta(days=1), 3)],
)
def test_a_rate_is_never_exceeded_in_any_window(shop, sink, dispatcher, conn, rate, window, first):
    limit = 3 if rate == "per_second" else 60
    conn.execute(f"INSERT INTO sender (workspace_id, channel, {rate}) VALUES (%s, 'email', %s)", (shop.id, limit))
    people = [shop.person() for _ in range(limit * 2)]
    for person in people:
        shop.decide(person)
    sent, moments, now, step = 0, [], NOON, window / limit / (2 if limit < 10 else 1)
    step += timedelta(microseconds=1)  # a third of a second, cut to microseconds, is a hair before the token
    while sent < len(people) and now < NOON + 4 * window:
        n = dispatcher.run_once(now)
        moments += [now] * n
        sent += n
        now += step
    assert sent == len(people)
    assert moments.count(NOON) == first
    for begin in moments:
        assert sum(begin <= moment < begin + window for moment in moments) <= limit
    # It is used, too: all of it within a little more than the time it has to take.
    assert moments[-1] - moments[0] <= window * len(people) / limit * 1.1


def test_the_installations_rate_holds_for_all_workspaces_together(shop, sink, dispatcher, conn):
    other = Shop(conn, mode="live")
    conn.execute("INSERT INTO sender (workspace_id, channel, per_hour) VALUES (0, 'email', 5)")
    for one in (shop, other):
        for _ in range(5):
            one.decide(one.person())
    total = sum(dispatcher.run_once(NOON + minutes * MINUTE) for minutes in range(60))
    conn.execute("DELETE FROM sender WHERE workspace_id = 0")
    assert total == 5


def test_a_large_queue_does_not_starve_a_small_one(shop, sink, database_url, conn):
    small = Shop(conn, mode="live")
    for _ in range(100):
        shop.decide(shop.person())
    small.decide(small.person("Ali"), at=NOON + SECOND)
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=1, batch=10))
    one.run_once(NOON + SECOND)
    one.close()
    place = [mail.recipients[0].startswith("ali") for mail in sink.mails].index(True)
    assert place < 30


def test_the_kill_switch_bites_within_one_message(shop, sink, database_url, conn):
    for _ in range(20):
        shop.decide(shop.person())
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=1))
    original = sink.handle_DATA

    async def stop_at_the_third(server, session, envelope):
        if len(sink.mails) == 2:
            conn.execute("UPDATE accounts_workspace SET stopped = true WHERE id = %s", (shop.id,))
        return await original(server, session, envelope)

    sink.handle_DATA = stop_at_the_third
    one.run_once(NOON)
    one.close()
    assert len(sink.mails) == 3
    assert conn.execute("SELECT count(*) FROM outbox WHERE workspace_id = %s AND state = 0", (shop.id,)).fetchone() == (
        17,
    )


def test_a_stop_brings_in_what_is_in_flight_and_gives_back_the_rest(shop, sink, database_url, conn, monkeypatch):
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 10.0)
    for _ in range(20):
        shop.decide(shop.person())
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=2))
    original = sink.handle_DATA

    async def stop_at_the_first(server, session, envelope):
        one.stopping.set()
        return await original(server, session, envelope)

    sink.handle_DATA = stop_at_the_first
    thread = threading.Thread(target=one.run_forever)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    left = conn.execute("SELECT state, count(*) FROM outbox WHERE workspace_id = %s GROUP BY 1", (shop.id,)).fetchall()
    accepted = conn.execute(
        "SELECT count(*) FROM message WHERE workspace_id = %s AND state = 'accepted'", (shop.id,)
    ).fetchone()[0]
    assert accepted == len(sink.mails) >= 1
    assert left == [(0, 20 - accepted)]
