"""The brakes: a campaign stops by its own figures, says why, and is counted anew once somebody lets it go on."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from safar.channels.reports.brakes import read_brake
from safar.journeys.campaigns.braking import brake_once
from safar.journeys.campaigns.plan import Plan, Variant, write_plan
from safar.outbox.tests.house import NOON, Shop

HOUR = timedelta(hours=1)
CAMPAIGN = write_plan(Plan({"en": "Yalda", "fa": "یلدا"}, "big-spenders", "email", (Variant("yalda"),)))


class Sent:
    """A journey of a shop of which messages went out, and a hand by which some come back."""

    def __init__(self, conn, definition):
        self.conn, self.shop = conn, Shop(conn, mode="live")
        row = conn.execute(
            "INSERT INTO journeys_journey (workspace_id, key, draft, revision, drafted_by, state, created_at, updated_at)"
            " VALUES (%s, 'yalda', '', 1, '', 'live', now(), now()) RETURNING id",
            (self.shop.id,),
        ).fetchone()
        self.id = row[0]
        conn.execute(
            "INSERT INTO journeys_version (journey_id, number, definition, live, published_at) VALUES (%s, 1, %s, true, now())",
            (self.id, json.dumps(definition)),
        )
        self.number = 0

    def send(self, n, at=NOON):
        first, self.number = self.number, self.number + n
        self.conn.execute(
            "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
            " state, address, decided_at, sending_at) SELECT 7, %(id)s::bigint * 100000 + n, %(shop)s, n, %(id)s, %(id)s::bigint * 100000 + n, 1, 1, 0,"
            " 'message', 'email', 'marketing', 'accepted', 'sara' || n || '@people.example', %(at)s, %(at)s FROM generate_series(%(first)s::bigint, %(last)s::bigint) n",
            {"id": self.id, "shop": self.shop.id, "at": at, "first": first, "last": self.number - 1},
        )
        return range(first, self.number)

    def come_back(self, numbers, kind="hard", at=NOON):
        for n in numbers:
            self.conn.execute(
                "INSERT INTO bounce VALUES (7, %s, %s, %s, %s, 'sara@people.example', %s)",
                (self.id * 100000 + n, kind, self.shop.id, self.id, at),
            )
        self.conn.execute("INSERT INTO brake_check VALUES (%s, %s) ON CONFLICT DO NOTHING", (self.shop.id, self.id))

    @property
    def state(self):
        return self.conn.execute("SELECT state FROM journeys_journey WHERE id = %s", (self.id,)).fetchone()[0]

    @property
    def held(self):
        sql = "SELECT count(*) FROM outbox_hold WHERE workspace_id = %s AND journey_id = %s"
        return self.conn.execute(sql, (self.shop.id, self.id)).fetchone() == (1,)

    def words(self):
        return read_brake(self.conn, workspace_id=self.shop.id, journey_id=self.id)


@pytest.fixture
def sent(conn):
    return Sent(conn, CAMPAIGN)


@pytest.mark.parametrize(
    ("out", "hard", "complaints", "state"),
    [
        (499, 499, 499, "live"),  # nothing is concluded from the first
        (500, 25, 0, "paused"),
        (500, 24, 0, "live"),
        (1000, 49, 0, "live"),
        (1000, 50, 0, "paused"),
        (1000, 0, 1, "paused"),
        (1001, 0, 1, "live"),
        (2000, 99, 1, "live"),
        (2000, 99, 2, "paused"),
    ],
)
def test_where_it_stops(conn, sent, out, hard, complaints, state):
    numbers = sent.send(out)
    sent.come_back(numbers[:hard])
    sent.come_back(numbers[:complaints], "complaint")
    assert brake_once(conn, NOON + HOUR) == (state == "paused")
    assert (sent.state, sent.held) == (state, state == "paused")
    assert (sent.words() is not None) == (state == "paused")
    assert conn.execute("SELECT FROM brake_check").fetchall() == []


def test_the_reason_is_said_in_both_languages(conn, sent):
    sent.come_back(sent.send(600)[:31])
    brake_once(conn, NOON + HOUR)
    words = sent.words()
    assert "“Yalda” has paused itself: 31 of 600 messages came back for good (5.2%; the limit is 5%)" in words["en"]
    assert "«یلدا» خودش را متوقف کرد: ۳۱ پیام از ۶۰۰ پیام" in words["fa"]


def test_soft_bounces_stop_nothing(conn, sent):
    sent.come_back(sent.send(600), "soft")
    assert brake_once(conn, NOON) == 0


def test_a_journey_that_is_no_campaign_goes_on(conn):
    welcome = {"journey": "welcome", "start": {"new": {"kind": "contact_created", "next": "greet"}}, "points": {}}
    sent = Sent(conn, welcome)
    sent.come_back(sent.send(600))
    assert brake_once(conn, NOON) == 0
    assert sent.state == "live"


def test_once_it_goes_on_it_is_counted_anew(conn, sent):
    numbers = sent.send(600)
    sent.come_back(numbers[:40])
    assert brake_once(conn, NOON + HOUR) == 1
    assert brake_once(conn, NOON + HOUR) == 0
    conn.execute("UPDATE journeys_journey SET state = 'live' WHERE id = %s", (sent.id,))
    sent.come_back(numbers[40:80], at=NOON + 2 * HOUR)  # of what went out before
    assert brake_once(conn, NOON + 3 * HOUR) == 0
    assert sent.words() is None
    later = sent.send(500, at=NOON + 4 * HOUR)
    sent.come_back(later[:24], at=NOON + 5 * HOUR)
    assert brake_once(conn, NOON + 5 * HOUR) == 0
    sent.come_back(later[24:25], at=NOON + 5 * HOUR)
    assert brake_once(conn, NOON + 6 * HOUR) == 1


def test_another_workspace_is_another_matter(conn, sent):
    sent.come_back(sent.send(600))
    conn.execute("UPDATE brake_check SET workspace_id = workspace_id + 1000000")
    assert brake_once(conn, NOON) == 0
