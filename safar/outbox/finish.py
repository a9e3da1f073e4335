"""Writing answers down."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from safar.lib.failpoints import failpoint
from safar.outbox.rows import Key, as_json, printable
from safar.outbox.statements import statement, told

MOST_REFUSALS = 8  # of one message: then it has failed. With the back-off below that is about a day and a half
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)
DOUBT_FOR = timedelta(minutes=15)  # evidence is waited for so long before the policy closes a doubt


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one hand-over. state: accepted, retry_wait, failed, in_doubt, or pending (the account was
    refused).
    """

    key: Key
    attempt: int
    state: str
    reason: str | None = None  # a word
    said: str | None = None  # the provider's own words
    provider_id: str | None = None
    wait: timedelta = timedelta(0)  # retry_wait: until it is due again; in_doubt: until the policy may close it
    instead: Mapping[str, Any] | None = (
        None  # {body_text, pattern, parts} of an SMS that went in its other way than was begun
    )

    def columns(self) -> Mapping[str, Any]:
        return self.key.columns() | {
            "attempt": self.attempt,
            "state": self.state,
            "reason": self.reason,
            "said": printable(self.said),
            "provider_id": printable(self.provider_id),
            "wait": self.wait.total_seconds(),
            "instead": self.instead,
        }


@dataclass(frozen=True, slots=True)
class Finished:
    """A message that an answer moved."""

    key: Key
    id: int
    was: str
    state: str


def finish(conn: Connection[Any], answers: Sequence[Answer], *, now: datetime | None = None) -> list[Finished]:
    """Write answers down; those that come too late to matter (another attempt, a message at its end) move nothing."""
    if not answers:
        return []
    failpoint("outbox.before_finish")
    sql = statement("finish", told=told())
    rows = conn.execute(sql, {"rows": as_json(answer.columns() for answer in answers), "now": now}).fetchall()
    failpoint("outbox.finished")
    return [Finished(Key(*row[:5]), *row[5:]) for row in rows]


def back_off(refusals: int, jitter: Callable[[], float] = random.random) -> timedelta:
    """How long a message waits after its ``refusals``-th "not now" (from 1): 1 minute, then four times as long each
    time, 12 hours at most.

    Half of it is fixed and half drawn by ``jitter`` (0 to 1), so that what was refused together does not come back
    together.
    """
    whole: timedelta = min(FIRST_WAIT * 4 ** (max(refusals, 1) - 1), LONGEST_WAIT)
    return whole / 2 + whole / 2 * jitter()
