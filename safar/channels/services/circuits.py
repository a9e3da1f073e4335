"""Accounts that were refused: their messages wait, a probe a minute asks again, the team is told what to mend.

A circuit is open as long as its row is there. It closes by itself when a probe gets through.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from safar.channels.provider import AccountRefused
from safar.channels.services.mends import mend

PROBE_EVERY = timedelta(minutes=1)
EVERYBODY = 0  # as workspace_id: the provider's account as a whole


@dataclass(frozen=True, slots=True)
class Circuit:
    """What a queue may do. limit: messages that may be begun now (None: as many as there are). probe: the circuit is
    open, and this dispatcher has its probe."""

    limit: int | None
    probe: bool = False
    next_at: datetime | None = None


def may_send(conn: Connection[Any], *, provider: str, workspace_id: int, now: datetime) -> Circuit:
    """Whether a workspace may send by a provider; takes the probe of the minute if it is due."""
    rows = conn.execute(
        "SELECT workspace_id, probe_at FROM circuit WHERE provider = %s AND workspace_id IN (0, %s)",
        (provider, workspace_id),
    ).fetchall()
    if not rows:
        return Circuit(None)
    latest = max(row[1] for row in rows)
    if latest > now:
        return Circuit(0, next_at=latest)
    taken = conn.execute(
        "UPDATE circuit SET probe_at = %s WHERE provider = %s AND workspace_id IN (0, %s) AND probe_at <= %s RETURNING 1",
        (now + PROBE_EVERY, provider, workspace_id, now),
    ).fetchall()
    return Circuit(1, probe=True) if len(taken) == len(rows) else Circuit(0, next_at=now + PROBE_EVERY)


def read_open(conn: Connection[Any]) -> set[tuple[str, int]]:
    """(provider, workspace_id) of all that are open; mostly none."""
    return set(conn.execute("SELECT provider, workspace_id FROM circuit").fetchall())


def open_circuit(
    conn: Connection[Any],
    *,
    provider: str,
    workspace_id: int,
    refused: AccountRefused,
    now: datetime,
    own: str = "",
) -> None:
    """Open it, or renew the reason of one that is open; tell the team once. own: the channel of an account that is the workspace's and
    concerns nobody else."""
    whose = EVERYBODY if refused.everybody and not own else workspace_id
    conn.execute(
        "INSERT INTO circuit (provider, workspace_id, reason, said, opened_at, probe_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (provider, workspace_id) DO UPDATE SET reason = EXCLUDED.reason, said = EXCLUDED.said, probe_at = EXCLUDED.probe_at",
        (provider, whose, refused.reason, refused.said, now, now + PROBE_EVERY),
    )
    words = {language: _words(text, refused.said) for language, text in mend(refused.reason, own=own).items()}
    conn.execute(
        "INSERT INTO team_notice (workspace_id, subject, words, at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (workspace_id, subject) WHERE over_at IS NULL DO UPDATE SET words = EXCLUDED.words",
        (whose, f"circuit:{provider}", json.dumps(words), now),
    )


def close_circuit(conn: Connection[Any], *, provider: str, workspace_id: int, now: datetime) -> bool:
    """A message got through: whatever was open for it is closed, and the notice is over. False where nothing was
    open.
    """
    closed = conn.execute(
        "DELETE FROM circuit WHERE provider = %s AND workspace_id IN (0, %s) RETURNING workspace_id",
        (provider, workspace_id),
    ).fetchall()
    for (whose,) in closed:
        conn.execute(
            "UPDATE team_notice SET over_at = %s WHERE workspace_id = %s AND subject = %s AND over_at IS NULL",
            (now, whose, f"circuit:{provider}"),
        )
    return bool(closed)


def forget_circuit(conn: Connection[Any], *, provider: str, workspace_id: int) -> None:
    """The account is another one now: what stood in its way is no matter any more."""
    conn.execute("DELETE FROM circuit WHERE provider = %s AND workspace_id = %s", (provider, workspace_id))
    conn.execute(
        "UPDATE team_notice SET over_at = now() WHERE workspace_id = %s AND subject = %s AND over_at IS NULL",
        (workspace_id, f"circuit:{provider}"),
    )


def read_refusal(conn: Connection[Any], *, provider: str, workspace_id: int) -> tuple[str, str | None] | None:
    """(reason, the service's words) of an account that is refused now."""
    return conn.execute(
        "SELECT reason, said FROM circuit WHERE provider = %s AND workspace_id = %s", (provider, workspace_id)
    ).fetchone()


def next_probe(conn: Connection[Any]) -> datetime | None:
    """When the next probe of any open circuit is due."""
    row = conn.execute("SELECT min(probe_at) FROM circuit").fetchone()
    return row[0] if row else None


def _words(text: str, said: str) -> str:
    return f"{text} ({said})" if said else text
