"""Holding what is queued: a journey that is paused, a workspace or a whole installation that is stopped.

A hold is looked at before every single hand-over, so it bites within one message. What is held stays open;
``not_after`` still runs. Services of ``accounts`` and ``journeys`` call this in the transaction of their own change.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection

EVERYTHING = 0  # as workspace_id: the installation; as journey_id: the whole workspace


def hold(
    conn: Connection[Any], *, workspace_id: int = EVERYTHING, journey_id: int = EVERYTHING, reason: str = ""
) -> None:
    """From the next message on nothing of it is handed over. Holding twice changes nothing."""
    conn.execute(
        "INSERT INTO outbox_hold (workspace_id, journey_id, reason) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (workspace_id, journey_id, reason),
    )


def let_go(conn: Connection[Any], *, workspace_id: int = EVERYTHING, journey_id: int = EVERYTHING) -> bool:
    """End a hold and wake the dispatchers. False where there was none."""
    ended = conn.execute(
        "DELETE FROM outbox_hold WHERE workspace_id = %s AND journey_id = %s RETURNING 1", (workspace_id, journey_id)
    ).fetchone()
    conn.execute("SELECT pg_notify('safar_outbox', '')")
    return ended is not None


def holds(conn: Connection[Any], workspace_id: int) -> list[tuple[int, str, datetime]]:
    """(journey_id, reason, since) of what holds a workspace; the installation's hold comes with journey_id 0 as well."""
    return conn.execute(
        "SELECT journey_id, reason, since FROM outbox_hold WHERE workspace_id IN (0, %s) ORDER BY workspace_id, journey_id",
        (workspace_id,),
    ).fetchall()
