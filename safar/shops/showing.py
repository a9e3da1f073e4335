"""How a connected shop is doing, for its page: what came of late, what was refused, how many deliveries a day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from psycopg import Connection

from safar.shops.connecting import Shop

KEPT = timedelta(days=35)  # that a delivery is known again by its number; shops repeat one for two days at most
DAYS = 14
_LAST = "SELECT at, topic, said FROM shop_delivery WHERE shop_id = %s ORDER BY at DESC LIMIT 1"
_DAYS = """
SELECT (at AT TIME ZONE %(zone)s)::date, count(*), sum(said) FROM shop_delivery WHERE shop_id = %(shop)s AND at >= %(since)s GROUP BY 1 ORDER BY 1 DESC
"""
_REFUSED = """
SELECT at, status, said, faults::text FROM refusal WHERE workspace_id = %s AND key = %s AND path LIKE '/shops/%%' ORDER BY id DESC LIMIT 1
"""
_FORGET = "DELETE FROM shop_delivery WHERE at < %s"


@dataclass(frozen=True, slots=True)
class Day:
    """deliveries, and how many events and products came of them."""

    day: date
    deliveries: int
    said: int


@dataclass(frozen=True, slots=True)
class RefusedDelivery:
    """status: 401 means that the secret is another one. faults: {"place", "message"} each."""

    at: datetime
    status: int
    said: str
    faults: Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class State:
    last_at: datetime | None
    last_topic: str
    refused: RefusedDelivery | None
    days: Sequence[Day]


def read_state(conn: Connection[Any], shop: Shop, *, zone: str, now: datetime) -> State:
    """zone: of the workspace, whose days are counted."""
    last = conn.execute(_LAST, (shop.id,)).fetchone()
    asked = {"shop": shop.id, "zone": zone, "since": now - timedelta(days=DAYS)}
    days = [Day(*row) for row in conn.execute(_DAYS, asked).fetchall()]
    refused = conn.execute(_REFUSED, (shop.workspace_id, shop.name)).fetchone()
    return State(
        last[0] if last else None,
        last[1] if last else "",
        RefusedDelivery(refused[0], refused[1], refused[2], json.loads(refused[3])) if refused else None,
        days,
    )


def forget_deliveries(conn: Connection[Any], now: datetime) -> int:
    """Those that nobody repeats any more."""
    return conn.execute(_FORGET, (now - KEPT,)).rowcount
