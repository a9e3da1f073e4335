"""The table of states in docs/rooms/outbox.md, row by row: what each verb does to a message in each state, and that the books
close after every single step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from safar.outbox.claim import release
from safar.outbox.holds import hold, let_go
from safar.outbox.resolve import assume_sent, discard, resend
from safar.outbox.rows import LEASE, SENDING_LEASE
from safar.outbox.tests.house import NOON
from safar.outbox.tests.story import DOUBT, FINAL, MINUTE


def test_pending_is_claimed_once_under_a_token_and_a_lease(story):
    one = story("pending")
    (row,) = one.claim()
    assert one.state == "claimed"
    assert one.claim() == []
    assert one.shop.outbox(one.sara)["lease_until"] == NOON + LEASE
    assert str(one.shop.outbox(one.sara)["token"]) == row.token


def test_pending_is_not_claimed_before_it_is_due(story):
    one = story("pending")
    one.now = NOON - timedelta(microseconds=1)
    assert one.claim() == []


def test_claimed_goes_back_when_the_lease_is_over(story):
    one = story("claimed")
    one.now = NOON + LEASE - timedelta(microseconds=1)
    assert one.resolve() == set()
    one.now = NOON + LEASE
    assert one.resolve() == {"reclaimed"}
    assert one.state == "pending"


def test_claimed_is_given_back_by_its_owner_only(story):
    one = story("claimed")
    old = one.row
    assert release(one.conn, [old]) == 1
    one.claim()
    assert release(one.conn, [old]) == 0
    assert one.state == "claimed"


def test_begin_freezes_the_content_before_anything_leaves(story):
    one = story("sending")
    assert one.message["state"] == "sending"
    assert (one.message["subject"], one.message["body_text"], one.message["message_id_header"]) == ("s", "t", "<m@x>")
    assert (one.message["attempt"], one.attempt) == (1, 1)
    assert one.shop.outbox(one.sara)["lease_until"] == NOON + SENDING_LEASE
    assert one.told == []


@pytest.mark.parametrize(
    ("gate", "state", "told"),
    [
        ("'skip:suppressed'", "skipped", ["message_skipped"]),
        ("'fail:cannot_be_rendered'", "failed", ["message_failed"]),
        ("'hold:paused'", "held", []),
        ("'again:mode'", "pending", []),
    ],
)
def test_the_gate_decides_what_begin_does(story, gate, state, told):
    one = story("claimed")
    begun = one.begin(gate)
    assert f"'{begun.verdict}'" == gate
    assert one.state == state
    assert one.told == told
    if state in FINAL:
        assert one.message["reason"] == gate.strip("'").split(":")[1]
        assert one.shop.outbox(one.sara) is None


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        ("accepted", "accepted", ["message_sent"]),
        ("failed", "failed", ["message_failed"]),
        ("retry_wait", "retry_wait", []),
        ("in_doubt", "in_doubt", []),
        ("pending", "pending", []),
    ],
)
def test_an_answer_moves_what_is_sending(story, answer, state, told):
    one = story("sending")
    (done,) = one.finish(answer, reason="why", said="250 ok")
    assert (done.was, done.state) == ("sending", state)
    assert one.state == state
    assert one.told == told


def test_retry_wait_is_claimed_when_its_time_has_come_and_keeps_what_was_frozen(story):
    one = story("retry_wait")
    assert one.claim() == []
    one.now = NOON + MINUTE
    (row,) = one.claim()
    assert (row.attempts, row.refusals) == (1, 1)
    one.begin()
    assert one.attempt == 2
    assert one.state == "sending"
    one.finish("accepted")
    assert one.told == ["message_sent"]


def test_sending_without_an_answer_is_in_doubt_when_the_lease_is_over(story):
    one = story("sending")
    one.now = NOON + SENDING_LEASE - timedelta(microseconds=1)
    assert one.resolve() == set()
    one.now = NOON + SENDING_LEASE
    assert one.resolve() == {"doubted"}
    assert one.state == "in_doubt"
    assert one.claim() == []
    assert one.message["reason"] == "no_answer"
    assert one.told == []


@pytest.mark.parametrize(
    ("how", "after", "told"),
    [
        ({"klass": "marketing"}, "assumed_sent", ["message_sent"]),
        ({"klass": "marketing", "once_more": True}, "assumed_sent", ["message_sent"]),
        ({"klass": "transactional", "once_more": True}, "pending", []),
        ({"klass": "transactional", "once_more": False}, "in_doubt", []),
    ],
)
def test_the_policy_of_the_class_closes_a_doubt(story, how, after, told):
    one = story("in_doubt", **how)
    assert one.resolve() == set()
    one.now = NOON + DOUBT
    assert one.resolve() == {"closed"}
    assert one.state == after
    assert one.told == told
    if after == "assumed_sent":
        assert one.shop.events()[0][1]["assumed"] is True
    if after == "in_doubt":
        assert one.message["reason"] == "needs_attention"
        one.now += timedelta(days=400)
        assert one.resolve() == set()


def test_once_more_is_once(story):
    one = story("in_doubt", klass="transactional", once_more=True)
    one.now += DOUBT
    one.resolve()
    one.claim()
    one.begin()
    assert one.attempt == 2
    one.finish("in_doubt")
    one.now += DOUBT
    one.resolve()
    assert one.state == "in_doubt"
    assert one.message["reason"] == "needs_attention"


def test_a_person_resends_or_assumes(story):
    one = story("in_doubt", klass="transactional")
    names = {"workspace_id": one.shop.id, "bucket": one.key.bucket, "id": one.id, "now": one.now}
    assert not resend(one.conn, **{**names, "workspace_id": one.shop.id + 1})
    assert resend(one.conn, **names)
    assert one.state == "pending"
    assert not resend(one.conn, **names)
    one.claim()
    one.begin()
    one.finish("in_doubt")
    assert assume_sent(one.conn, **names)
    assert one.state == "assumed_sent"
    assert one.told == ["message_sent"]


def test_held_goes_on_when_its_journey_does(story):
    one = story("claimed")
    hold(one.conn, workspace_id=one.shop.id, journey_id=one.shop.journey_id)
    one.begin("'hold:paused'")
    assert one.resolve() == set()
    let_go(one.conn, workspace_id=one.shop.id, journey_id=one.shop.journey_id)
    assert one.resolve() == {"unheld"}
    assert one.state == "pending"


def test_a_claim_puts_rows_of_a_paused_journey_aside_and_takes_those_behind(story):
    one = story("pending")
    other = one.shop.person("Ali")
    one.conn.execute(
        "UPDATE outbox SET journey_id = journey_id + 1 WHERE enrollment_id = %s", (one.sara.enrollment_id,)
    )
    one.shop.decide(other, at=NOON)
    hold(one.conn, workspace_id=one.shop.id, journey_id=one.shop.journey_id + 1)
    rows = one.claim(n=1)
    assert [row.contact_id for row in rows] == [other.id]
    assert one.shop.outbox(one.sara)["state"] == 5


@pytest.mark.parametrize("state", ["pending", "retry_wait", "held"])
def test_whatever_waits_is_skipped_when_its_time_is_over(story, state):
    one = story(state, not_after=NOON + timedelta(hours=1))
    one.now = NOON + timedelta(hours=1)
    assert "expired" in one.resolve()
    assert (one.state, one.message["reason"]) == ("skipped", "expired")
    assert one.told == ["message_skipped"]


@pytest.mark.parametrize("state", ["claimed", "sending", "in_doubt", *FINAL])
def test_what_is_under_way_or_done_does_not_expire(story, state):
    one = story(
        state, not_after=NOON + timedelta(hours=1), klass="transactional" if state == "in_doubt" else "marketing"
    )
    told = one.told
    one.conn.execute("UPDATE outbox SET lease_until = NULL")
    one.now = NOON + timedelta(hours=2)
    assert "expired" not in one.resolve()
    assert one.told[: len(told)] == told


@pytest.mark.parametrize("state", ["pending", "retry_wait", "held"])
def test_a_stopped_queue_can_be_thrown_away_by_hand(story, state):
    one = story(state)
    assert discard(one.conn, workspace_id=one.shop.id, journey_id=one.shop.journey_id + 7, now=one.now) == 0
    assert discard(one.conn, workspace_id=one.shop.id, journey_id=one.shop.journey_id, now=one.now) == 1
    assert (one.state, one.message["reason"]) == ("skipped", "stopped")
