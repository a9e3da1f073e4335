"""The table of states in docs/rooms/outbox.md, row by row: what each verb does to a message in each state, and that the books
close after every single step."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from safar.outbox.begin import Ready, begin
from safar.outbox.books import read_books
from safar.outbox.claim import claim, reconcile, release
from safar.outbox.finish import Answer, finish
from safar.outbox.holds import hold, let_go
from safar.outbox.resolve import assume_sent, discard, record_evidence, resend, resolve
from safar.outbox.rows import LEASE, SENDING_LEASE, Key
from safar.outbox.tests.house import NOON, Shop
from safar.postgres.connections import connect

GO = "NULL::text"
MINUTE = timedelta(minutes=1)
DOUBT = timedelta(minutes=15)
OUTBOX_STATES = {0: "pending", 1: "claimed", 2: "sending", 3: "retry_wait", 4: "in_doubt", 5: "held"}
FINAL = ("accepted", "failed", "skipped", "assumed_sent")


class Story:
    """One message of Sara's, and every verb with the time at hand."""

    def __init__(self, conn, klass="marketing", once_more=False, not_after=None):
        self.conn, self.klass, self.once_more, self.now = conn, klass, once_more, NOON
        self.shop = Shop(conn)
        self.sara = self.shop.person()
        self.id = self.shop.decide(self.sara, not_after=not_after, **{"class": klass})
        self.key = Key(self.sara.bucket, self.sara.enrollment_id, 1, 1, 0)
        self.row = None
        self.attempt = 0

    @property
    def state(self):
        """The state as the books see it; the books have to close."""
        (line,) = read_books(self.conn, self.shop.id)
        assert line.closes, line
        waiting = self.shop.outbox(self.sara)
        return OUTBOX_STATES[waiting["state"]] if waiting else self.message["state"]

    @property
    def message(self):
        return self.shop.message(self.sara)

    @property
    def told(self):
        return [name for name, _ in self.shop.events()]

    def claim(self, n=10):
        rows = claim(self.conn, workspace_id=self.shop.id, channel="email", n=n, now=self.now)
        if rows:
            self.row = rows[0]
        return rows

    def begin(self, gate=GO, row=None, **changes):
        ready = Ready(row or self.row, **{"mode": "mailbox", "provider": "smtp", "klass": self.klass, "once_more": self.once_more,
                                        "subject": "s", "body_text": "t", "message_id_header": "<m@x>", **changes})  # fmt: skip
        begun = begin(self.conn, [ready], gate=gate, now=self.now)
        if begun and begun[0].verdict is None:
            self.attempt = begun[0].attempt
        return begun[0] if begun else None

    def finish(self, state, attempt=None, **more):
        return finish(self.conn, [Answer(self.key, attempt or self.attempt, state, **more)], now=self.now)

    def resolve(self):
        return {name for name, n in resolve(self.conn, now=self.now, doubt_for=DOUBT).items() if n}

    def at(self, state):
        """Bring a fresh message into a state by the ways of the table."""
        ways = {
            "pending": [],
            "claimed": [self.claim],
            "sending": [self.claim, self.begin],
            "retry_wait": [self.claim, self.begin, lambda: self.finish("retry_wait", wait=MINUTE)],
            "in_doubt": [self.claim, self.begin, lambda: self.finish("in_doubt", wait=DOUBT)],
            "held": [self.claim, lambda: self.begin("'hold:paused'")],
            "accepted": [self.claim, self.begin, lambda: self.finish("accepted")],
            "failed": [self.claim, self.begin, lambda: self.finish("failed", reason="bad_address")],
            "skipped": [self.claim, lambda: self.begin("'skip:no_consent'")],
            "assumed_sent": [self.claim, self.begin, lambda: self.finish("in_doubt"), self.resolve],
        }
        for step in ways[state]:
            step()
        assert self.state == state
        return self


@pytest.fixture
def story(conn):
    conn.execute("TRUNCATE outbox, message, outbox_hold")  # time moves everybody's messages
    return lambda state="pending", **how: Story(conn, **how).at(state)


# ── each way out of each state ───────────────────────────────────────────────────────────────────────────────────────


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


# ── answers that come late, twice, or from elsewhere ─────────────────────────────────────────────────────────────────

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
