"""Partitions: made ahead, dropped when they may be forgotten, and never in anybody's way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from safar.events.partitions import ensure_partitions
from safar.postgres.connections import connect


def partitions(conn, parent: str) -> set[str]:
    rows = conn.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", (parent,))
    return {name for (name,) in rows}


def test_the_migration_made_what_is_needed_now(conn):
    now = datetime.now(UTC)
    assert {"event_old", "event_default", f"event_{now:%Y_%m}"} <= partitions(conn, "event")
    assert {"seen_default", f"seen_{now:%Y_%m}"} <= partitions(conn, "seen")
    assert ensure_partitions(conn, now) == 0


def test_time_goes_on(conn):
    later = datetime.now(UTC) + timedelta(days=100)
    assert ensure_partitions(conn, later) > 0
    assert ensure_partitions(conn, later) == 0
    assert f"event_{later + timedelta(days=45):%Y_%m}" in partitions(conn, "event")
    months = partitions(conn, "seen") - {"seen_default"}
    assert f"seen_{later:%Y_%m}" in months
    assert min(months) >= f"seen_{later - timedelta(days=35):%Y_%m}"


def test_events_lie_in_their_month(conn):
    ensure_partitions(conn, datetime.now(UTC))
    now = datetime.now(UTC)
    for timestamp in (now, datetime(1999, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)):
        conn.execute(
            "INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties)"
            " VALUES (1, 1, 1, 1, now(), %s, 'track', 'x', '{}')",
            (timestamp,),
        )
    places = [row[0] for row in conn.execute("SELECT tableoid::regclass::text FROM event ORDER BY timestamp")]
    assert places == ["event_old", f"event_{now:%Y_%m}", "event_default"]


def test_a_locked_table_is_left_for_later(conn, shop, monkeypatch):
    monkeypatch.setattr("safar.events.partitions.LOCK_WAIT", "50ms")
    later = datetime.now(UTC) + timedelta(days=500)
    with connect(shop.url, application_name="safar tests") as reading:
        with reading.transaction():
            reading.execute("LOCK TABLE seen_default IN ACCESS SHARE MODE")
            ensure_partitions(conn, later)
            assert f"seen_{later:%Y_%m}" not in partitions(conn, "seen")
        ensure_partitions(conn, later)
        assert f"seen_{later:%Y_%m}" in partitions(conn, "seen")
