"""The dispatcher and its lines to a mail server: cut, silent, few; a database that goes away."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from safar.channels.mail import smtp_line as smtp
from safar.channels.sending.carriers import Carrier
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending, states
from safar.channels.tests.sink import DROP, HANG
from safar.outbox.tests.house import NOON

MINUTE = timedelta(minutes=1)


def test_the_database_goes_away_in_the_middle(shop, sink, database_url, conn):
    """Sessions are ended while messages are in flight: the answers are written down by the next run, nothing is sent twice."""
    for _ in range(30):
        shop.decide(shop.person())
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=2))
    original = sink.handle_DATA

    async def cut_now_and_then(server, session, envelope):
        if len(sink.mails) % 7 == 3:
            conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'safar dispatcher%' AND datname = current_database()"
            )
        return await original(server, session, envelope)

    sink.handle_DATA = cut_now_and_then
    stop = threading.Event()
    thread = threading.Thread(target=one.run_forever, args=(stop,))
    thread.start()
    count = "SELECT count(*) FROM message WHERE workspace_id = %s AND state = 'accepted'"
    for _ in range(2_000):
        if conn.execute(count, (shop.id,)).fetchone()[0] == 30:
            break
        stop.wait(0.01)
    stop.set()
    thread.join(20)
    assert conn.execute(count, (shop.id,)).fetchone()[0] == 30
    assert len(sink.mails) == len({mail.message["Message-ID"] for mail in sink.mails}) == 30


def test_it_is_woken_by_the_engine(shop, sink, database_url, conn):
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url))
    stop = threading.Event()
    thread = threading.Thread(target=one.run_forever, args=(stop,))
    thread.start()
    try:
        one.slept.wait(10)
        sara = shop.person()
        shop.decide(sara)
        conn.execute("NOTIFY safar_outbox")
        sink.arrived.wait(2.5)  # less than it sleeps by itself
        assert len(sink.mails) == 1
    finally:
        stop.set()
        thread.join(20)


def test_each_message_on_a_line_of_its_own(shop, sink, database_url):
    for _ in range(8):
        shop.decide(shop.person())
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=4))
    one.run_once(NOON)
    one.close()
    assert len(sink.mails) == 8
    assert sink.connections <= 4


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
def test_a_silent_server_holds_only_its_own_message(shop, sink, database_url, monkeypatch, phase):
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.3)
    people = [shop.person() for _ in range(4)]
    for person in people:
        shop.decide(person)
    sink.say(phase, HANG)
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=2))
    one.run_once(NOON)
    one.close()
    found = sorted(states(shop, people))
    assert found == sorted(["accepted"] * 3 + ["in_doubt" if phase == "data" else "retry_wait"])


def test_cut_off_again_and_again(shop, sink, dispatcher):
    sara = shop.person()
    shop.decide(sara)
    sink.say("rcpt", DROP, DROP, DROP)
    for minutes in range(0, 200, 10):
        dispatcher.run_once(NOON + minutes * MINUTE)
    assert shop.message(sara)["state"] == "accepted"
    assert len(sink.mails) == 1


def test_a_server_that_takes_few_connections_costs_lines_and_no_messages(shop, sink, database_url, conn):
    people = [shop.person() for _ in range(40)]
    for person in people:
        shop.decide(person)
    sink.most_connections = 2
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=6))
    one.run_once(NOON)
    assert 1 <= one.exchange.lines[Carrier("smtp")].number <= 2
    one.close()
    assert states(shop, people) == ["accepted"] * 40
    assert len(sink.mails) == 40
    assert conn.execute("SELECT FROM circuit").fetchall() == []


def test_settings_that_are_no_use_are_told_to_the_team(shop, database_url, conn):
    sara = shop.person()
    shop.decide(sara)
    one = Dispatcher(database_url, "test", sending=sending(email_url="smtp://mail.example?tls=perhaps"))
    one.run_once(NOON)
    one.close()
    assert shop.outbox(sara)["state"] == 0
    assert conn.execute("SELECT reason FROM circuit").fetchall() == [("settings",)]
    ((words,),) = conn.execute("SELECT words FROM team_notice WHERE over_at IS NULL").fetchall()
    assert "tls has to be one of" in words["en"]


def test_a_line_that_hangs_keeps_nobody_else_waiting(shop, sink, database_url):
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=2))
    sara = shop.person("Sara")
    shop.decide(sara)
    sink.say("mail", HANG)
    assert one.run_once() == 0  # it is still under way
    people = [shop.person() for _ in range(20)]
    for person in people:
        shop.decide(person)
    settled = 0
    while settled < 20:
        settled += one.run_once()
    assert states(shop, people) == ["accepted"] * 20
    assert shop.message(sara)["state"] == "sending"
    sink.released.set()
    one.close()
    assert shop.message(sara)["state"] == "retry_wait"
