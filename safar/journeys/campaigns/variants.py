"""What became of each of the variants that a sending compares, and what those who got it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import psycopg

from safar.journeys.living import SENT
from safar.journeys.models import Journey
from safar.lib.thrifty import Thrifty

# One enrollment is one person's trip; the last one's goal stands in `enrollment`, and a campaign is entered once.
_VARIANTS = """
SELECT m.variant, m.state, coalesce(m.reason, ''), count(*), count(e.goal_at), sum(e.goal_money)
FROM message m LEFT JOIN enrollment e ON e.bucket = m.bucket AND e.id = m.enrollment_id
WHERE m.journey_id = %s AND m.kind = 'message' AND m.variant IS NOT NULL GROUP BY 1, 2, 3
"""


@dataclass
class VariantCounts:
    """skipped, failed: reason → how many. goals, money: of those whom it was sent to; money in the workspace's currency.

    under_way: on the way, or in doubt.
    """

    name: str
    sent: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    under_way: int = 0
    goals: int = 0
    money: Decimal = Decimal(0)

    @property
    def people(self) -> int:
        return self.sent + self.skipped.total() + self.failed.total() + self.under_way

    @property
    def share(self) -> float | None:
        """Of those whom it was sent to, who reached the goal; None where nobody got it."""
        return self.goals / self.sent if self.sent else None


_counts: Thrifty[dict[str, VariantCounts]] = Thrifty(least=1.0, most=120.0)


def count_variants(connection: psycopg.Connection[Any], journey: Journey) -> dict[str, VariantCounts]:
    """By name; of a journey without variants none. A message that expired before it was made has none, and is in no line."""
    return _counts.get(journey.pk, lambda: _read(connection, journey))


def _read(connection: psycopg.Connection[Any], journey: Journey) -> dict[str, VariantCounts]:
    found: dict[str, VariantCounts] = {}
    for name, state, reason, n, goals, money in connection.execute(_VARIANTS, (journey.pk,)).fetchall():
        counts = found.setdefault(name, VariantCounts(name))
        if state in SENT:
            counts.sent += n
            counts.goals += goals
            counts.money += money or 0
        elif state in ("skipped", "failed"):
            getattr(counts, state)[reason] += n
        else:
            counts.under_way += n
    return found
