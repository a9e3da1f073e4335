"""What the conditions cost: old partitions are left alone, the event log is probed by its index and never read whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.sql import SQL

from safar.segments.reading import Reading
from safar.segments.tests.conftest import JOURNEYS, Ground, condition


@pytest.fixture(scope="module")
def log(ground: Ground) -> Ground:
    """Five hundred contacts, six monthly partitions of the log, and an agenda that was never analysed."""
    for month in range(1, 7):
        ground.conn.execute(
            f"CREATE TABLE event_2026_{month} PARTITION OF event FOR VALUES FROM ('2026-{month:02}-01Z') TO ('2026-{month + 1:02}-01Z')"
        )
    ground.conn.execute(
        "INSERT INTO contact (bucket, id, workspace_id, key) SELECT i % 1024, i, 1, i FROM generate_series(1, 500) i"
    )
    ground.conn.execute(
        "INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties)"
        " SELECT i % 1024, i, 1, day, at, at, 'track', 'View', '{}' FROM generate_series(1, 500) i, generate_series(0, 170, 10) day,"
        " LATERAL (SELECT timestamptz '2026-01-01Z' + day * interval '24 hours' AS at) t"
    )
    ground.conn.execute("ANALYZE event")
    ground.conn.execute("ANALYZE contact")
    ground.conn.execute(
        "CREATE TEMP TABLE agenda AS SELECT bucket, id AS contact_id, timestamptz '2026-06-20Z' AS at FROM contact WHERE id % 50 = 0"
    )
    return ground


def plan(ground: Ground, data: object) -> dict[str, Any]:
    r = Reading(at=SQL("a.at"), zone=SQL("coalesce(c.zone, 'Asia/Tehran')"), calendar="jalali", journeys=JOURNEYS)
    query = SQL(
        "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, FORMAT JSON) SELECT c.id, {} FROM agenda a"
        " JOIN contact c ON c.bucket = a.bucket AND c.id = a.contact_id"
        " LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    ).format(condition(data).holds(r))
    row = ground.conn.execute(query).fetchone()
    assert row is not None
    return dict(row[0][0]["Plan"])


def nodes(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield part
    for inner in part.get("Plans", []):
        yield from nodes(inner)


@pytest.mark.parametrize("within", ["P10D", "P1M", "PT240H", "P5DT1H"])
@pytest.mark.parametrize("times", [None, {"at_least": 2}])
def test_a_window_touches_its_own_months_only(log: Ground, within: str, times: dict[str, int] | None) -> None:
    data = {"event": "View", "within": within, **({"times": times} if times else {})}
    scans = [node for node in nodes(plan(log, data)) if node.get("Relation Name", "").startswith("event_")]
    touched = {node["Relation Name"] for node in scans if node["Actual Loops"]}
    assert touched <= {"event_2026_5", "event_2026_6", "event_default"}
    assert any("timestamp" in node.get("Index Cond", "") for node in scans if node["Relation Name"] == "event_2026_6")


@pytest.mark.parametrize(
    "data",
    [
        {"event": "View"},
        {"event": "View", "times": {"at_least": 3}},
        {"not": {"event": "View", "where": {"a": 1}}},
        {"any": [{"event": "View", "where": {"a": 1}}, {"tag": "vip"}, {"consent": "email", "is": "given"}]},
        {"any": [{"journey": "winback", "is": "finished"}, {"event": "View", "where": {"a": 1}}]},
    ],
)
def test_the_log_is_probed_and_never_hashed(log: Ground, data: object) -> None:
    found = list(nodes(plan(log, data)))
    assert not any("hashed" in str(node) for node in found)
    scans = [node for node in found if node.get("Relation Name", "").startswith("event_2026")]
    assert {node["Node Type"] for node in scans if node["Actual Loops"]} <= {
        "Index Scan",
        "Index Only Scan",
        "Bitmap Heap Scan",
    }
