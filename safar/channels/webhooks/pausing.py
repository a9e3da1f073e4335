"""Addresses that do not answer: after so many calls in a row that came to nothing their queue waits, one call a minute asks again, and the
team is told. It is the circuit of accounts (``channels.services.circuits``), opened not by a word of the other side but by its silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.provider import AccountRefused, NotNow
from safar.channels.sending.lines import Outcome
from safar.channels.services.circuits import close_circuit, forget_circuit, open_circuit
from safar.channels.webhooks.addresses import CHANNEL, host_of

MOST = 10  # calls in a row: a restart of the other side costs none of them its turn
SILENT = "silent"  # why its circuit is open

_FAILED = """
INSERT INTO webhook_failing AS f (workspace_id, queue, host, failures, since, said) VALUES (%(workspace)s, %(queue)s, %(host)s, %(n)s, %(now)s, %(said)s)
ON CONFLICT (workspace_id, queue) DO UPDATE SET failures = f.failures + EXCLUDED.failures, said = EXCLUDED.said RETURNING failures"""
_ANSWERED = "DELETE FROM webhook_failing WHERE workspace_id = %(workspace)s AND queue = %(queue)s"
_LIST = """
SELECT f.queue, f.host, f.failures, f.since, f.said, c.probe_at,
       (SELECT count(*) FROM (SELECT FROM outbox o WHERE o.workspace_id = f.workspace_id AND o.channel = f.queue AND o.state IN (0, 3) LIMIT %(most)s) w)
  FROM webhook_failing f LEFT JOIN circuit c ON c.provider = f.queue AND c.workspace_id = f.workspace_id
 WHERE f.workspace_id = %(workspace)s ORDER BY f.since, f.queue LIMIT 100"""
COUNTED = 10_000  # calls that wait are counted so far


@dataclass(frozen=True)
class Failing:
    """An address that does not answer. probe_at: when it is asked next, where its calls wait for that. waiting: calls to it, COUNTED at most."""

    queue: str
    host: str
    failures: int
    since: datetime
    said: str
    probe_at: datetime | None
    waiting: int


def note_calls(
    conn: Connection[Any], outcomes: Sequence[Outcome], known_open: set[tuple[str, int]], *, now: datetime
) -> set[tuple[str, int]]:
    """Counts what came to nothing, in the transaction that writes the answers down. known_open: the circuits. Returns those that are open
    now because of it, as (account, workspace)."""
    calls: dict[tuple[str, int], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.carrier.queue and outcome.left:
            calls.setdefault((outcome.carrier.queue, outcome.carrier.workspace_id), []).append(outcome)
    opened: set[tuple[str, int]] = set()
    for (queue, workspace_id), some in sorted(calls.items()):
        asked = {"workspace": workspace_id, "queue": queue}
        silent = [one.verdict for one in some if isinstance(one.verdict, NotNow)]
        if len(silent) < len(some):  # it answers: what it said to one of them is no matter of the address
            conn.execute(_ANSWERED, asked)
            if (queue, workspace_id) in known_open:
                close_circuit(conn, provider=queue, workspace_id=workspace_id, now=now)
            continue
        host = host_of(some[-1].hand_over.prepared.ready.address or "")
        more = {"host": host, "n": len(silent), "now": now, "said": silent[-1].said[:300]}
        (failures,) = conn.execute(_FAILED, asked | more).fetchone() or (0,)
        if failures >= MOST:
            refused = AccountRefused(SILENT, f"{host}: {silent[-1].said}"[:300])
            open_circuit(conn, provider=queue, workspace_id=workspace_id, refused=refused, now=now, own=CHANNEL)
            opened.add((queue, workspace_id))
    return opened


def list_failing(conn: Connection[Any], workspace_id: int) -> list[Failing]:
    """The longest silent first."""
    return [Failing(*row) for row in conn.execute(_LIST, {"workspace": workspace_id, "most": COUNTED})]


def ask_now(conn: Connection[Any], workspace_id: int, queue: str) -> bool:
    """Its calls wait no longer; it has as many tries again as one that never failed. False where it is not failing."""
    gone = conn.execute(f"{_ANSWERED} RETURNING 1", {"workspace": workspace_id, "queue": queue}).fetchone()
    if gone is not None:
        forget_circuit(conn, provider=queue, workspace_id=workspace_id)
        conn.execute(
            "UPDATE outbox SET due_at = now() WHERE workspace_id = %s AND channel = %s AND state = 3",
            (workspace_id, queue),
        )
    return gone is not None
