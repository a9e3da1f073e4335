"""Quiet hours at the hand-over, for what was still queued when they began; and what a rule may not say."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from safar.channels.quiet.rules import read_rules, remove_rule, set_rule
from safar.lib.faults import Refused
from safar.lib.quiet import SMS_RULE, QuietRule
from safar.outbox.books import read_books
from safar.outbox.tests.house import NOON, WELCOME, Shop


@pytest.fixture
def shop(conn):
    one = Shop(conn)
    yield one
    assert all(line.closes for line in read_books(conn, one.id))


def outcome(shop, person):
    message = shop.message(person)
    return message["state"], message["reason"]


NIGHT = NOON.replace(hour=19)  # 22:30 in Tehran
MORNING = NOON.replace(day=22, hour=4, minute=30)  # 8:00


def quiet(conn, shop, **rule):
    set_rule(conn, shop.id, QuietRule(begins=time(22), ends=time(8), **rule))


def waits(conn, shop):
    return conn.execute(
        "SELECT count(*) FROM outbox WHERE workspace_id = %s AND waits_for = 'quiet'", (shop.id,)
    ).fetchone()[0]


def test_what_is_still_queued_when_quiet_hours_begin_goes_after_them(shop, run, conn):
    quiet(conn, shop)
    sara = shop.person()
    shop.decide(sara)
    run(NIGHT)
    due_at, waits_for = conn.execute(
        "SELECT due_at, waits_for FROM outbox WHERE contact_id = %s AND state = 0", (sara.id,)
    ).fetchone()
    assert MORNING <= due_at < MORNING + timedelta(minutes=30)
    assert waits_for == "quiet"
    run(due_at - timedelta(seconds=1))
    assert waits(conn, shop) == 1
    run(due_at)
    assert outcome(shop, sara) == ("accepted", None)


def test_quiet_hours_are_the_contacts_own(shop, run, conn):
    quiet(conn, shop)
    sara = shop.person()
    conn.execute("UPDATE contact SET zone = 'Europe/Berlin' WHERE bucket = %s AND id = %s", (sara.bucket, sara.id))
    shop.decide(sara)
    run(NIGHT)  # 20:00 there
    assert outcome(shop, sara)[0] == "accepted"


def test_what_a_purchase_itself_needs_goes_in_quiet_hours(shop, run, conn):
    quiet(conn, shop)
    sara = shop.person(consent=None)
    shop.decide(sara, **{"class": "transactional"})
    run(NIGHT)
    assert outcome(shop, sara)[0] == "accepted"


@pytest.mark.parametrize(("topic", "goes"), [("", False), ("news", True), ("offers", False)])
def test_the_rule_of_the_topic_stands_before_the_workspaces(shop, run, conn, topic, goes):
    quiet(conn, shop)
    set_rule(conn, shop.id, QuietRule(topic="news"))
    shop.template("welcome", WELCOME, topic=topic)
    sara = shop.person()
    shop.decide(sara)
    run(NIGHT)
    assert waits(conn, shop) == (0 if goes else 1)


def test_advertising_by_sms_sleeps_at_night_unless_told_otherwise(shop, run, conn):
    conn.execute("DELETE FROM quiet_hours WHERE workspace_id = %s", (shop.id,))
    shop.template("short", {"en": {"text": "Hello"}}, channel="sms")
    sara, ali = shop.person(), shop.person("Ali")
    conn.execute("UPDATE contact SET phone = '+98912' || (1000000 + id %% 1000000) WHERE workspace_id = %s", (shop.id,))
    shop.decide(sara, channel="sms", template="short")
    run(NIGHT)
    assert waits(conn, shop) == 1
    set_rule(conn, shop.id, QuietRule("sms"))
    shop.decide(ali, channel="sms", template="short")
    run(NIGHT)
    assert outcome(shop, ali)[0] == "accepted"


def test_sms_has_its_rule_until_the_workspace_has_another(shop, conn):
    conn.execute("DELETE FROM quiet_hours WHERE workspace_id = %s", (shop.id,))
    assert read_rules(conn, shop.id) == [SMS_RULE]
    late = QuietRule("sms", "", time(23), time(7), weekdays=(5,), spread=0)
    assert set_rule(conn, shop.id, late)
    assert not set_rule(conn, shop.id, late)
    assert read_rules(conn, shop.id) == [late]
    assert remove_rule(conn, shop.id, "sms", "")
    assert read_rules(conn, shop.id) == [SMS_RULE]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (QuietRule("fax"), "channel"),
        (QuietRule(begins=time(8)), "ends"),
        (QuietRule(ends=time(8)), "begins"),
        (QuietRule(begins=time(8), ends=time(8)), "ends"),
        (QuietRule(weekdays=(0,)), "weekdays"),
        (QuietRule(weekdays=(1, 2, 3, 4, 5, 6, 7)), "weekdays"),
        (QuietRule(spread=7201), "spread"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_with_its_place(shop, conn, rule, place):
    before = read_rules(conn, shop.id)
    with pytest.raises(Refused) as refused:
        set_rule(conn, shop.id, rule)
    assert [fault.place for fault in refused.value.faults] == [place]
    assert read_rules(conn, shop.id) == before
