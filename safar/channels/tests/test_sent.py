"""The list of sent messages: by every filter, page by page without a gap or a repetition, and never by reading the whole table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from safar.channels.provider import Report
from safar.channels.reports.reporting import note_report
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.sent import Asked, count_doubted, list_sent, open_sent
from safar.channels.tests.settings import sending
from safar.outbox.tests.house import NOON, Shop

MINUTE = timedelta(minutes=1)


def found(shop, size=50, reach=20_000, after="", **asked):
    return list_sent(shop.conn, shop.id, Asked(**asked), size=size, reach=reach, after=after)


def names(page):
    return [line.name for line in page.lines]


@pytest.fixture
def sent(shop, sink, dispatcher):
    """Sara's went out, Ali's was refused, Mina never agreed, and of Omid's nobody knows."""
    people = {
        name: shop.person(name, consent="given" if name != "Mina" else None) for name in ("Sara", "Ali", "Mina", "Omid")
    }
    for minute, (name, said) in enumerate(
        {
            "Sara": None,
            "Ali": ("rcpt", "550 5.1.1 no such user"),
            "Mina": None,
            "Omid": ("data", "taken, then drop"),
        }.items()
    ):
        at = NOON + minute * MINUTE
        shop.decide(people[name], at=at, point=minute)
        if said:
            sink.say(*said)
        dispatcher.run_once(at)
    return people


def test_the_newest_first_with_who_it_went_to(shop, sent):
    page = found(shop)
    assert names(page) == ["Omid", "Mina", "Ali", "Sara"]
    assert page.following == ""
    line = page.lines[-1]
    assert (line.state, line.subject, line.channel, line.point_key) == ("accepted", "Hello Sara", "email", "greet-0")
    assert line.address == sent["Sara"].email


def test_what_did_not_arrive_and_why(shop, sent):
    about = {"workspace_id": shop.id, "provider": "smtp", "bucket": sent["Sara"].bucket}
    assert note_report(
        shop.conn, Report("1", "failed", "blacklisted"), id=shop.message(sent["Sara"])["id"], now=NOON, **about
    )
    assert names(found(shop, state="undelivered")) == ["Sara"]
    assert names(found(shop, state="undelivered", reason="blacklisted")) == ["Sara"]
    assert names(found(shop, state="undelivered", reason="filtered")) == []
    assert names(found(shop, state="sent")) == ["Sara"]  # it was taken all the same


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({"state": "sent"}, ["Sara"]),
        ({"state": "undelivered"}, []),
        ({"state": "kept"}, []),
        ({"state": "failed"}, ["Ali"]),
        ({"state": "skipped"}, ["Mina"]),
        ({"state": "in_doubt"}, ["Omid"]),
        ({"state": "in_doubt", "channel": "sms"}, []),
        ({"state": "under_way"}, []),
        ({"reason": "no_consent"}, ["Mina"]),
        ({"reason": "bad_address"}, ["Ali"]),
        ({"channel": "email", "point": "greet-2"}, ["Mina"]),
        ({"channel": "sms"}, []),
        ({"variant": "B"}, []),
    ],
)
def test_narrowed(shop, sent, asked, who):
    page = found(shop, **asked)
    assert names(page) == who
    assert names(found(shop, journey_id=shop.journey_id, **asked)) == who
    assert names(found(shop, journey_id=shop.journey_id + 1, **asked)) == []
    assert count_doubted(shop.conn, shop.id) == 1


def test_pages_follow_each_other(shop, sent):
    first = found(shop, size=3)
    assert names(first) == ["Omid", "Mina", "Ali"]
    second = found(shop, size=3, after=first.following)
    assert (names(second), second.following) == (["Sara"], "")
    assert names(found(shop, size=2, journey_id=shop.journey_id)) == ["Omid", "Mina"]


def test_a_filter_looks_no_further_than_it_may_and_says_how_far(shop, sent):
    page = found(shop, state="sent", reach=2)
    assert names(page) == []
    assert page.looked_to == NOON + 2 * MINUTE
    page = found(shop, state="sent", reach=2, after=page.following)
    assert names(page) == ["Sara"]
    end = found(shop, state="sent", reach=2, after=page.following)
    assert (names(end), end.following) == ([], "")


@pytest.mark.parametrize(
    "after",
    ["x", "2026-03-21T12:00:00_1", "2026-03-21T12:00:00+00:00_-1", "_1", "2026-03-21T12:00:00+00:00_" + "9" * 30],
)
def test_no_place_in_the_list(shop, after):
    with pytest.raises(ValueError):  # whichever of them says it
        found(shop, after=after)
    with pytest.raises(ValueError, match="no state"):
        found(shop, state="lost")


def test_one_opened_says_all_that_is_kept(shop, sent):
    line = found(shop, state="failed").lines[0]
    opened = open_sent(shop.conn, shop.id, line.bucket, line.id)
    assert opened.said.startswith("550 5.1.1")
    assert (opened.subject, opened.attempt, opened.kept_for) == ("Hello Ali", 1, None)
    assert "<b>Ali</b>" in opened.body_html
    other = Shop(shop.conn)
    assert open_sent(shop.conn, other.id, line.bucket, line.id) is None
    assert list_sent(shop.conn, other.id, Asked()).lines == []


def test_what_the_mailbox_keeps_says_why(database_url, shop):
    shop.decide(shop.person("Sara"))
    one = Dispatcher(database_url, "test", sending=sending())
    one.run_once(NOON)
    one.close()
    (line,) = found(shop, state="kept").lines
    assert open_sent(shop.conn, shop.id, line.bucket, line.id).kept_for == "mailbox"


@pytest.mark.parametrize(("journey", "index"), [(0, "message_newest"), (1, "message_journey_newest")])
def test_a_page_is_read_by_an_index_and_sorts_nothing(shop, sent, journey, index):
    from safar.channels import sent as room

    given = {
        "workspace": shop.id,
        "at": "infinity",
        "id": 2**63 - 1,
        "reach": 20_000,
        "size": 51,
        "journey": shop.journey_id,
    }
    text = room._LIST.format(which="m.state = 'failed'", journey=" AND m.journey_id = %(journey)s" if journey else "")
    with shop.conn.transaction():
        shop.conn.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = "\n".join(row[0] for row in shop.conn.execute("EXPLAIN (COSTS OFF) " + text, given).fetchall())
    assert f"using {index} on message" in plan, plan
    assert "Sort" not in plan, plan
