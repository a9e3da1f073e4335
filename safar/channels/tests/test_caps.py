"""Caps: how much one contact gets at most, whoever sends and however many at once."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from safar.channels.pace.caps import Cap, read_caps, remove_cap, set_cap
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.content.pool import RenderPool
from safar.lib.faults import Refused
from safar.outbox.books import read_books
from safar.outbox.tests.house import NOON, WELCOME, Shop

DAY = timedelta(days=1)


@pytest.fixture
def shop(conn):
    conn.execute("TRUNCATE outbox, message")
    one = Shop(conn)
    yield one
    assert all(line.closes for line in read_books(conn, one.id))


def states(shop, person, points):
    return [(message["state"], message["reason"]) for message in (shop.message(person, point) for point in points)]


SENT, CAPPED = ("accepted", None), ("skipped", "capped")


def test_what_goes_beyond_a_cap_is_skipped_until_its_time_is_over(shop, run, conn):
    set_cap(conn, shop.id, Cap("", "", 7 * 24, 2))
    sara, ali = shop.person(), shop.person("Ali")
    for point in range(3):
        shop.decide(sara, point=point)
    shop.decide(ali)
    run()
    assert Counter(states(shop, sara, range(3))) == {SENT: 2, CAPPED: 1}
    assert states(shop, ali, [0]) == [SENT]
    shop.decide(sara, point=3)
    run(NOON + 7 * DAY - timedelta(seconds=1))
    shop.decide(sara, point=4)
    run(NOON + 7 * DAY)
    assert states(shop, sara, [3, 4]) == [CAPPED, SENT]


def test_transactional_messages_are_never_capped_and_count_where_that_was_said(shop, run, conn):
    set_cap(conn, shop.id, Cap("", "", 24, 1))
    sara = shop.person()
    for point in range(2):
        shop.decide(sara, point=point, **{"class": "transactional"})
    run()
    shop.decide(sara, point=2)
    run()
    assert states(shop, sara, range(3)) == [SENT, SENT, SENT]
    set_cap(conn, shop.id, Cap("", "", 24, 3, transactional=True))
    shop.decide(sara, point=3)
    shop.decide(sara, point=4, **{"class": "transactional"})
    run()
    assert states(shop, sara, [3, 4]) == [CAPPED, SENT]


def test_a_cap_of_a_channel_or_a_topic_counts_its_own(shop, run, conn):
    shop.template("tips", WELCOME, topic="tips")
    set_cap(conn, shop.id, Cap("email", "tips", 24, 1))
    set_cap(conn, shop.id, Cap("sms", "", 24, 1))
    sara = shop.person()
    shop.decide(sara, point=0)
    for point in (1, 2):
        shop.decide(sara, point=point, template="tips")
    run()
    assert states(shop, sara, [0]) == [SENT]
    assert Counter(states(shop, sara, [1, 2])) == {SENT: 1, CAPPED: 1}


def test_several_caps_each_have_to_allow_it(shop, run, conn):
    set_cap(conn, shop.id, Cap("", "", 24, 1))
    set_cap(conn, shop.id, Cap("", "", 72, 2))
    sara = shop.person()
    outcomes = []
    for day in range(4):
        shop.decide(sara, point=day)
        run(NOON + day * DAY)
        outcomes += states(shop, sara, [day])
    assert outcomes == [SENT, SENT, CAPPED, SENT]


@pytest.mark.parametrize(("often", "days"), [("weekly", 7), ("monthly", 30)])
def test_how_often_a_contact_wants_to_hear_from_us_is_a_cap_of_their_own(shop, run, conn, often, days):
    sara, ali = shop.person(), shop.person("Ali")
    conn.execute("INSERT INTO consent VALUES (%s, %s, 'frequency', %s, %s, '')", (sara.bucket, sara.id, often, NOON))
    for number, at in enumerate((NOON, NOON + (days - 1) * DAY, NOON + days * DAY)):
        for person in (sara, ali):
            shop.decide(person, point=number)
        run(at)
    assert states(shop, sara, range(3)) == [SENT, CAPPED, SENT]
    assert states(shop, ali, range(3)) == [SENT, SENT, SENT]


def race(shop, conn, database_url, people, each):
    """Everything is sent by eight dispatchers at once; the most that anybody got."""
    crowd = [shop.person() for _ in range(people)]
    for point in range(each):
        for person in crowd:
            shop.decide(person, point=point)
    pool = RenderPool(1)
    dispatchers = [Dispatcher(database_url, f"test-{n}", sending=sending(batch=23 + n), pool=pool) for n in range(8)]
    faults = []

    def work(dispatcher):
        try:
            dispatcher.run_once(NOON)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=[dispatcher]) for dispatcher in dispatchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for dispatcher in dispatchers:
        dispatcher.close()
    pool.close()
    assert faults == []
    rows = conn.execute(
        "SELECT state, coalesce(reason, ''), count(*) FROM message WHERE workspace_id = %s GROUP BY 1, 2", (shop.id,)
    ).fetchall()
    most = conn.execute(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM message WHERE workspace_id = %s AND state = 'accepted' GROUP BY contact_id) x",
        (shop.id,),
    ).fetchone()[0]
    return {(state, reason): n for state, reason, n in rows}, most


def test_eight_dispatchers_at_once_never_go_beyond_a_cap(shop, conn, database_url):
    set_cap(conn, shop.id, Cap("", "", 24, 3))
    assert race(shop, conn, database_url, people=150, each=8) == (
        {("accepted", ""): 450, ("skipped", "capped"): 750},
        3,
    )


@pytest.mark.deep
def test_a_hundred_thousand_messages_and_no_breach(shop, conn, database_url):
    set_cap(conn, shop.id, Cap("", "", 24, 3))
    assert race(shop, conn, database_url, people=10_000, each=10) == (
        {("accepted", ""): 30_000, ("skipped", "capped"): 70_000},
        3,
    )


@pytest.mark.parametrize(
    ("cap", "place"),
    [
        (Cap("fax", "", 24, 1), "channel"),
        (Cap("", "", 0, 1), "hours"),
        (Cap("", "", 366 * 24 + 1, 1), "hours"),
        (Cap("", "", 24, 0), "most"),
        (Cap("", "", 24, 1001), "most"),
    ],
)
def test_a_cap_that_is_wrong_is_refused_with_its_place(shop, conn, cap, place):
    with pytest.raises(Refused) as refused:
        set_cap(conn, shop.id, cap)
    assert [fault.place for fault in refused.value.faults] == [place]
    assert read_caps(conn, shop.id) == []


def test_a_cap_is_changed_in_its_place_and_taken_away(shop, conn):
    assert set_cap(conn, shop.id, Cap("", "", 24, 1))
    assert not set_cap(conn, shop.id, Cap("", "", 24, 1))
    assert set_cap(conn, shop.id, Cap("", "", 24, 2))
    assert read_caps(conn, shop.id) == [Cap("", "", 24, 2)]
    assert remove_cap(conn, shop.id, "", "", 24)
    assert not remove_cap(conn, shop.id, "", "", 24)
