"""What became of each of the variants that a sending compares, and what those who got it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import psycopg

from safar.channels.tracking.settings import Tracking
from safar.journeys.models import Journey
from safar.journeys.reckoning.leading import Leading, look_who_leads
from safar.journeys.reckoning.lift import Group
from safar.lib.thrifty import Thrifty
from safar.outbox.rows import SENT

# A goal is of the trip that the message belongs to, which may be one of before. OFFSET 0: a probe by the key for each message.
_VARIANTS = """
SELECT m.point_key, m.variant, m.state, coalesce(m.reason, ''), count(*), count(m.opened_at), count(m.clicked_at), count(t.goal_at), sum(t.goal_money)
FROM message m LEFT JOIN LATERAL (
    SELECT x.goal_at, x.goal_money FROM (
        SELECT e.goal_at, e.goal_money FROM enrollment e WHERE e.bucket = m.bucket AND e.contact_id = m.contact_id AND e.journey_id = m.journey_id
            AND e.id = m.enrollment_id AND e.entry_no = m.entry_no
        UNION ALL
        SELECT p.goal_at, p.goal_money FROM enrollment_past p WHERE p.bucket = m.bucket AND p.contact_id = m.contact_id AND p.journey_id = m.journey_id
            AND p.id = m.enrollment_id AND p.entry_no = m.entry_no) x
    WHERE x.goal_at IS NOT NULL LIMIT 1 OFFSET 0) t ON true
WHERE m.journey_id = %s AND m.kind = 'message' AND m.variant IS NOT NULL GROUP BY 1, 2, 3, 4
"""


@dataclass
class VariantCounts:
    """skipped, failed: reason → how many. opened, clicked (by people), goals, money: of those whom it was sent to; money in the workspace's currency.

    under_way: on the way, or in doubt.
    """

    name: str
    sent: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    under_way: int = 0
    opened: int = 0
    clicked: int = 0
    goals: int = 0
    money: Decimal = Decimal(0)

    @property
    def people(self) -> int:
        return self.sent + self.skipped.total() + self.failed.total() + self.under_way

    def did(self, metric: str) -> Group:
        """Those whom it was sent to, and who of them did what the metric is."""
        return Group(self.sent, {"opened": self.opened, "clicked": self.clicked, "goal": self.goals}[metric])

    def share(self, metric: str) -> float | None:
        """None where nobody got it."""
        return self.did(metric).share if self.sent else None


_counts: Thrifty[dict[str, dict[str, VariantCounts]]] = Thrifty(least=1.0, most=120.0)


@dataclass(frozen=True)
class Comparison:
    """The variants of one point by its metric. known: whether anybody can tell who did what the metric is; where nobody can, nobody leads."""

    metric: str
    known: bool
    counts: list[VariantCounts]
    leading: Leading | None


def compare_variants(
    metric: str, counts: list[VariantCounts], *, channel: str, goal: object, tracked: Sequence[Tracking]
) -> Comparison:
    """metric: as the point says; empty: the goal, where there is one, else clicks, which machines make less often than they open.
    tracked: how each one's message is; a variant that nobody can watch would look like a loser.
    """
    metric = metric or ("goal" if goal else "clicked")
    known = {
        "goal": bool(goal),
        "clicked": all(one.clicks for one in tracked),
        "opened": channel == "email" and all(one.opens for one in tracked),
    }[metric]
    leads = look_who_leads({one.name: one.did(metric) for one in counts}) if known else None
    return Comparison(metric, known, counts, leads)


def count_variants(connection: psycopg.Connection[Any], journey: Journey) -> dict[str, dict[str, VariantCounts]]:
    """Point → by name; none of a journey without variants. A message that expired before it was made has none, and is in no line."""
    return _counts.get(journey.pk, lambda: read_variants(connection, journey.pk))


def read_variants(connection: psycopg.Connection[Any], journey_id: int) -> dict[str, dict[str, VariantCounts]]:
    """The same, read now."""
    found: dict[str, dict[str, VariantCounts]] = {}
    rows = connection.execute(_VARIANTS, (journey_id,)).fetchall()
    for point, name, state, reason, n, opened, clicked, goals, money in rows:
        counts = found.setdefault(point, {}).setdefault(name, VariantCounts(name))
        if state in SENT:
            counts.sent += n
            counts.opened += opened
            counts.clicked += clicked
            counts.goals += goals
            counts.money += money or 0
        elif state in ("skipped", "failed"):
            getattr(counts, state)[reason] += n
        else:
            counts.under_way += n
    return found
