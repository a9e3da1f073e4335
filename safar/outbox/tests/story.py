"""One message and every verb with the time at hand: what the tests of states are told with."""

from __future__ import annotations

from datetime import timedelta

from safar.outbox.begin import Ready, begin
from safar.outbox.books import read_books
from safar.outbox.claim import claim
from safar.outbox.finish import Answer, finish
from safar.outbox.resolve import resolve
from safar.outbox.rows import Key
from safar.outbox.tests.house import NOON, Shop

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
