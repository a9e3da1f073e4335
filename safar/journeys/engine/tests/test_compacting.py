"""Counts of hours that are over become few, and say the same."""

from __future__ import annotations

from datetime import UTC, datetime

from safar.journeys.engine.compacting import compact_counts

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
SUMS = "SELECT version_id, stretch, decisions, hour, sum(n), sum(money) FROM passage_count GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"


def test_hours_that_are_over_are_added_up(conn):
    rows = [
        (lane, 1, stretch, 0, hour, 2, money)
        for lane in (0, 1)
        for stretch in (3, 4)
        for hour in (10, 11, 12)
        for money in (None, 5)
    ]
    for lane, version, stretch, decisions, hour, n, money in rows:
        at = NOW.replace(hour=hour, minute=0)
        conn.execute(
            "INSERT INTO passage_count VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (lane, version, stretch, decisions, at, n, money),
        )
    before = conn.execute(SUMS).fetchall()
    assert (
        compact_counts(conn, NOW) == 8
    )  # of two closed hours, two lanes and two stretches one row each is left, and the hour in hand stays
    assert conn.execute("SELECT count(*) FROM passage_count").fetchone() == (len(rows) - 8,)
    assert conn.execute(SUMS).fetchall() == before
    assert compact_counts(conn, NOW) == 0
