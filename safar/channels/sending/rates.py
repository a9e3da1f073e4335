"""How fast a sender may send: a second, an hour, a day; its own rates and the installation's account's together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.outbox.statements import statement


@dataclass(frozen=True, slots=True)
class Grant:
    """n messages may be begun now; where it is 0, not before next_at."""

    n: int
    next_at: datetime | None = None


def take(conn: Connection[Any], *, workspace_id: int, channel: str, n: int, now: datetime | None = None) -> Grant:
    """Take up to ``n`` tokens; a sender without limits gives all. What is not used is given back with ``give_back``."""
    row = conn.execute(
        statement("rates", "safar.channels.sending"),
        {"workspace_id": workspace_id, "channel": channel, "n": n, "now": now},
    ).fetchone()
    assert row is not None
    return Grant(row[0], row[1])


def give_back(conn: Connection[Any], *, workspace_id: int, channel: str, n: int) -> None:
    """Return tokens that no message used. A bucket never holds more than it can: the next ``take`` caps it."""
    if n > 0:
        conn.execute(
            "UPDATE sender SET second_left = second_left + %(n)s, hour_left = hour_left + %(n)s, day_left = day_left + %(n)s"
            " WHERE workspace_id IN (0, %(workspace_id)s) AND channel = %(channel)s",
            {"workspace_id": workspace_id, "channel": channel, "n": n},
        )
