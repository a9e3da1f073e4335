"""The figures of the first page: today at a glance, and how far behind the engine is.

Counting people and messages takes longer the more there are, so what was read is kept for as long as it cost (``lib.thrifty``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from safar.lib.thrifty import Thrifty

# One reading of each table. money: what goals of today brought.
_ROAD = """
    SELECT journey_id, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE goal_at >= %(today)s),
           sum(goal_money) FILTER (WHERE goal_at >= %(today)s)
      FROM enrollment WHERE workspace_id = %(workspace)s GROUP BY 1"""
_MESSAGES = """
    SELECT count(*) FILTER (WHERE state IN ('accepted', 'assumed_sent')), count(*) FILTER (WHERE state = 'skipped'),
           count(*) FILTER (WHERE state = 'failed'),
           count(*) FILTER (WHERE state IN ('accepted', 'assumed_sent') AND provider <> 'mailbox'),
           count(*) FILTER (WHERE state IN ('accepted', 'assumed_sent') AND provider <> 'mailbox' AND parts * part_price IS NULL),
           coalesce(sum(parts * part_price) FILTER (WHERE state IN ('accepted', 'assumed_sent') AND provider <> 'mailbox'), 0)
      FROM message WHERE workspace_id = %(workspace)s AND kind = 'message' AND coalesce(accepted_at, settled_at, decided_at) >= %(today)s"""
_QUEUED = """
    SELECT count(*) FILTER (WHERE state <> 4), count(*) FILTER (WHERE state = 4)
      FROM outbox WHERE workspace_id = %(workspace)s AND kind = 'message' AND due_at <= now()"""
# The ends of indexes, as /healthz reads them: never a count.
_LAG = """
    SELECT greatest(
        (SELECT extract(epoch FROM now() - min(i.received_at))::float8 FROM lane l CROSS JOIN LATERAL (
            SELECT received_at FROM inbox WHERE lane = l.id AND id > l.inbox_low ORDER BY id LIMIT 1) i),
        (SELECT extract(epoch FROM now() - min(t.slot))::float8 FROM lane l CROSS JOIN LATERAL (
            SELECT slot FROM timer WHERE lane = l.id AND slot < now() ORDER BY slot LIMIT 1) t)),
        EXISTS (SELECT FROM worker_heartbeat WHERE kind = 'engine' AND beat_at > now() - interval '20 seconds')"""


@dataclass(frozen=True)
class Today:
    """sent, skipped, failed: messages that came to it since midnight; waiting: due and not yet out; in_doubt: for a person.

    paid: of those sent, the ones that left the house; unpriced: of those, the ones whose line had no price, so that cost is not all.
    """

    on_the_road: int = 0
    goals: int = 0
    money: Decimal = Decimal(0)
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    paid: int = 0
    unpriced: int = 0
    cost: Decimal = Decimal(0)
    waiting: int = 0
    in_doubt: int = 0
    by_journey: dict[int, int] = field(default_factory=dict)  # people on the road


_kept: Thrifty[Today] = Thrifty(least=1.0, most=300.0)


def read_today(workspace_id: int, today: datetime) -> Today:
    """today: midnight in the workspace's zone."""
    return _kept.get((workspace_id, today), lambda: _read(workspace_id, today))


def _read(workspace_id: int, today: datetime) -> Today:
    given: dict[str, Any] = {"workspace": workspace_id, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(_ROAD, given)
        road = cursor.fetchall()
        cursor.execute(_MESSAGES, given)
        sent, skipped, failed, paid, unpriced, cost = cursor.fetchone() or (0, 0, 0, 0, 0, Decimal(0))
        cursor.execute(_QUEUED, given)
        waiting, in_doubt = cursor.fetchone() or (0, 0)
    return Today(
        on_the_road=sum(row[1] for row in road),
        goals=sum(row[2] for row in road),
        money=sum((row[3] or Decimal(0) for row in road), Decimal(0)),
        sent=sent,
        skipped=skipped,
        failed=failed,
        paid=paid,
        unpriced=unpriced,
        cost=cost,
        waiting=waiting,
        in_doubt=in_doubt,
        by_journey={row[0]: row[1] for row in road},
    )


@dataclass(frozen=True)
class Engine:
    """lag: seconds that the oldest waiting thing has waited, None where nothing waits. alive: an engine has beaten just now."""

    lag: float | None
    alive: bool


def read_engine() -> Engine:
    with connection.cursor() as cursor:
        cursor.execute(_LAG)
        row: Any = cursor.fetchone()
    return Engine(None if row[0] is None else max(row[0], 0.0), row[1])
