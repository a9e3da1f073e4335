"""Answers that come late, twice, or from elsewhere, and races: what is no longer ours is not touched."""

from __future__ import annotations

import threading

import pytest

from safar.outbox.claim import claim, reconcile
from safar.outbox.finish import Answer, finish
from safar.outbox.resolve import record_evidence, resolve
from safar.outbox.rows import LEASE, SENDING_LEASE
from safar.outbox.tests.house import NOON
from safar.outbox.tests.story import DOUBT, FINAL, MINUTE
from safar.postgres.connections import connect

LATE = {  # (state of the message, answer for its present attempt) → state after; all other pairs leave everything as it is
    ("sending", "accepted"): "accepted", ("sending", "retry_wait"): "retry_wait", ("sending", "failed"): "failed",
    ("sending", "in_doubt"): "in_doubt", ("sending", "pending"): "pending",
    ("in_doubt", "accepted"): "accepted", ("in_doubt", "retry_wait"): "retry_wait", ("in_doubt", "failed"): "failed",
    ("in_doubt", "pending"): "pending",
    ("retry_wait", "accepted"): "accepted", ("assumed_sent", "accepted"): "accepted",
}  # fmt: skip


@pytest.mark.parametrize("answer", ["accepted", "failed", "retry_wait", "in_doubt", "pending"])
@pytest.mark.parametrize("state", ["sending", "retry_wait", "in_doubt", *FINAL])
def test_a_late_answer_counts_for_its_own_attempt_and_where_the_table_says(story, state, answer):
    one = story(state)
    before = one.told
    attempt = max(one.attempt, 1)
    moved = one.finish(answer, attempt=attempt)
    expected = LATE.get((state, answer))
    assert [done.state for done in moved] == ([expected] if expected else [])
    assert one.state == (expected or state)
    if state == "assumed_sent":
        assert one.told == before  # its message_sent was told already
    assert one.finish(answer, attempt=attempt + 1) == []
    assert one.finish("accepted", attempt=attempt - 1) == [] or attempt == 1


def test_an_answer_to_an_older_attempt_moves_nothing(story):
    one = story("retry_wait")
    one.now += MINUTE
    one.claim()
    one.begin()
    assert one.attempt == 2
    assert one.finish("failed", attempt=1) == []
    assert one.state == "sending"


@pytest.mark.parametrize("state", ["sending", "in_doubt", "assumed_sent", "retry_wait"])
def test_evidence_from_outside_ends_it_as_accepted(story, state):
    one = story(state)
    assert record_evidence(one.conn, bucket=one.key.bucket, id=one.id, said="delivered", now=one.now)
    assert one.state == "accepted"
    assert one.told == ["message_sent"]
    assert record_evidence(one.conn, bucket=one.key.bucket, id=one.id, now=one.now) is None
    assert record_evidence(one.conn, bucket=one.key.bucket, id=-1, now=one.now) is None


def test_evidence_stops_a_message_that_was_to_be_sent_once_more(story):
    one = story("in_doubt", klass="transactional", once_more=True)
    one.now += DOUBT
    one.resolve()
    one.claim()
    record_evidence(one.conn, bucket=one.key.bucket, id=one.id, now=one.now)
    assert one.begin() is None
    assert one.state == "accepted"


# ── races: what is no longer ours is not touched ─────────────────────────────────────────────────────────────────────


def test_begin_needs_the_token_and_a_lease_that_is_not_over(story):
    one = story("claimed")
    one.now = NOON + LEASE
    assert one.begin() is None
    assert one.state == "claimed"
    one.resolve()
    old = one.row
    one.claim()
    assert one.row.token != old.token
    assert one.begin(row=old) is None
    assert one.state == "claimed"
    assert one.begin() is not None


def test_begin_twice_is_once(story):
    one = story("sending")
    assert one.begin() is None
    assert one.attempt == 1


@pytest.mark.parametrize("state", ["claimed", "sending"])
def test_a_commit_that_was_not_answered_is_taken_back_by_its_owner_alone(story, state):
    one = story(state)
    ours = one.row.token
    assert reconcile(one.conn, token=ours, kept=[one.key]) == 0
    assert one.state == state
    assert reconcile(one.conn, token=ours, kept=[]) == 1
    assert one.state == "pending"
    one.claim()
    one.begin()
    assert reconcile(one.conn, token=ours, kept=[]) == 0
    assert one.state == "sending"
    assert one.finish("accepted", attempt=one.attempt)


@pytest.mark.parametrize("state", ["pending", "retry_wait", "in_doubt", "held"])
def test_what_is_nobodys_is_not_reconciled(story, state):
    one = story(state)
    token = one.row.token if one.row else "00000000-0000-0000-0000-000000000000"
    assert reconcile(one.conn, token=token, kept=[]) == 0
    assert one.state == state


def test_a_decision_that_is_queued_twice_is_sent_once(story):
    one = story("accepted")
    one.shop.decide(one.sara)
    (row,) = one.claim()
    begun = one.begin(row=row)
    assert begun.verdict == "past:accepted"
    assert one.state == "accepted"
    assert one.told == ["message_sent"]


def test_two_dispatchers_never_claim_the_same_row(story, database_url):
    one = story("pending")
    with connect(database_url, application_name="safar tests") as other:
        with one.conn.transaction():
            assert len(one.claim()) == 1
            with other.transaction():
                assert claim(other, workspace_id=one.shop.id, channel="email", n=10, now=NOON) == []
        assert one.state == "claimed"


def test_an_answer_and_the_end_of_the_lease_at_one_time(story, database_url):
    """The answer waits for the row, finds it in doubt, and settles it; neither is lost, and nothing is told twice."""
    one = story("sending")
    one.now = NOON + SENDING_LEASE
    with connect(database_url, application_name="safar tests") as other:
        done = []
        with one.conn.transaction():
            resolve(one.conn, now=one.now, doubt_for=DOUBT)
            answer = Answer(one.key, one.attempt, "accepted")
            thread = threading.Thread(target=lambda: done.extend(finish(other, [answer], now=one.now)))
            thread.start()
            _until_blocked(one.conn, other.info.backend_pid)
        thread.join(10)
    assert [(moved.was, moved.state) for moved in done] == [("in_doubt", "accepted")]
    assert one.state == "accepted"
    assert one.told == ["message_sent"]


def _until_blocked(conn, pid):
    for _ in range(10_000):
        if conn.execute("SELECT cardinality(pg_blocking_pids(%s))", (pid,)).fetchone()[0]:
            return
    raise AssertionError("it does not wait")
