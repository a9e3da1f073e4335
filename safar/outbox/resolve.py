"""What time alone brings about: leases that end, doubts that the policy closes, messages that nobody may send any
more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from safar.lib.failpoints import failpoint
from safar.outbox.finish import DOUBT_FOR, Answer, Finished, finish
from safar.outbox.rows import Key
from safar.outbox.statements import statement, told

MANY = 500  # rows a statement: a round stays short whatever has gathered

_EXPIRED = "o.not_after IS NOT NULL AND o.not_after <= clock.now"
_OF_CONTACT = "o.bucket = %(bucket)s::smallint AND o.contact_id = %(contact)s"
_OF_JOURNEY = "o.workspace_id = %(workspace_id)s AND (%(journey_id)s = 0 OR o.journey_id = %(journey_id)s)"


def resolve(
    conn: Connection[Any], *, now: datetime | None = None, doubt_for: timedelta = DOUBT_FOR, n: int = MANY
) -> Mapping[str, int]:
    """Move whatever is due to be moved by time. Returns how many rows by what was done:

    reclaimed (claimed → pending), doubted (sending → in_doubt), closed (in_doubt → by policy), expired (open →
    skipped), unheld (held → pending). Commit after it; run it every round.
    """
    asked = {"now": now, "n": n, "doubt_for": doubt_for}
    done = {
        "reclaimed": _count(conn, "reclaim", asked),
        "doubted": _count(conn, "doubt", asked),
        "closed": _count(conn, "close_doubt", asked, told=told()),
        "expired": _count(conn, "give_up", asked | {"reason": "expired"}, told=told(), which=_EXPIRED),
        "unheld": _count(conn, "unhold", asked),
    }
    failpoint("outbox.resolved")
    return done


def next_moment(conn: Connection[Any]) -> datetime | None:
    """When ``resolve`` has something to do next, though nothing new comes in."""
    row = conn.execute(statement("next_due")).fetchone()
    return row[0] if row else None


def resend(conn: Connection[Any], *, workspace_id: int, bucket: int, id: int, now: datetime | None = None) -> bool:
    """A person has a message in doubt sent again; it may then arrive twice. False where it was not in doubt."""
    return _decide(conn, workspace_id, bucket, id, "pending", now)


def assume_sent(conn: Connection[Any], *, workspace_id: int, bucket: int, id: int, now: datetime | None = None) -> bool:
    """A person closes a doubt as if the message had arrived. False where it was not in doubt."""
    return _decide(conn, workspace_id, bucket, id, "assumed_sent", now)


def discard(
    conn: Connection[Any], *, workspace_id: int, journey_id: int = 0, now: datetime | None = None, n: int = MANY
) -> int:
    """Skip what is open of a workspace or of one of its journeys, reason ``stopped``: what a stop is followed by
    where the queue is not wanted any more. At most ``n`` rows; call it until it returns 0."""
    asked = {"now": now, "n": n, "reason": "stopped", "workspace_id": workspace_id, "journey_id": journey_id}
    return _count(conn, "give_up", asked, told=told(), which=_OF_JOURNEY)


def discard_of_contact(conn: Connection[Any], *, bucket: int, contact: int, reason: str) -> int:
    """Skip what is open of one contact; what a dispatcher holds already meets the gate. In the caller's transaction."""
    asked = {"now": None, "n": MANY, "reason": reason, "bucket": bucket, "contact": contact}
    done = 0
    while some := _count(conn, "give_up", asked, told=told(), which=_OF_CONTACT):
        done += some
    return done


def record_evidence(
    conn: Connection[Any],
    *,
    bucket: int,
    id: int,
    said: str | None = None,
    provider_id: str | None = None,
    now: datetime | None = None,
) -> Finished | None:
    """Proof from outside (a webhook, a query) that our message was accepted: ends a doubt, an assumption, or a wait.

    None where it tells nothing new.
    """
    row = conn.execute(
        "SELECT bucket, enrollment_id, entry_no, trail_pos, point, attempt FROM message WHERE bucket = %s AND id = %s",
        (bucket, id),
    ).fetchone()
    if row is None:
        return None
    answer = Answer(Key(*row[:5]), row[5], "accepted", reason="evidence", said=said, provider_id=provider_id)
    moved = finish(conn, [answer], now=now)
    return moved[0] if moved else None


def _decide(conn: Connection[Any], workspace_id: int, bucket: int, id: int, state: str, now: datetime | None) -> bool:
    asked = {"workspace_id": workspace_id, "bucket": bucket, "id": id, "state": state, "now": now}
    return bool(conn.execute(statement("decide", told=told()), asked).fetchall())


def _count(conn: Connection[Any], name: str, asked: Mapping[str, Any], **slots: str) -> int:
    return len(conn.execute(statement(name, **slots), asked).fetchall())
