"""What has to be true after everything: nothing lost, nothing twice, and everybody went where a back-test of the same events goes.

An event's outcome depends on its applied_at and on nothing else: not on ticks, deaths, stops or the number of engines. So the
back-test is given every accepted message with the applied_at that the history holds, and has to give the same trips to the
microsecond, and to cause the same internal events.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from psycopg import Connection

from safar.journeys.backtest.run import Setting, backtest, read_drafts
from safar.journeys.backtest.trace import read_trace
from safar.journeys.engine.load import load_plan
from tests.crash.engine_stage import JOURNEYS, SEGMENTS, Stage
from tests.crash.feeder import MERGED

SENDING = {"greet", "thanks", "nudge", "show", "confirm", "sent", "sorry", "loud"}
# The history of somebody who became one with somebody else is copied to that one; whose name is gone keeps the originals.
_KEPT = """
SELECT v.message_id, count(*) FROM event v JOIN contact c ON c.bucket = v.bucket AND c.id = v.contact_id
WHERE v.message_id IS NOT NULL AND v.type <> 'feedback' AND c.merged_into IS NULL GROUP BY 1
"""
_INTERNAL = """
SELECT contact_id, name, cause, applied_at, hops, properties::text FROM event WHERE type = 'internal'
"""
_DECIDED = """
SELECT contact_id, coalesce(m.journey_key, o.effect ->> 'journey'), coalesce(m.point_key, o.effect ->> 'point')
FROM outbox o FULL JOIN message m USING (bucket, enrollment_id, entry_no, trail_pos, point, contact_id)
"""


def prove(stage: Stage) -> str:
    """Nobody may be at work. Returns the figures in a line."""
    stage.check_books()
    found = dict(stage.conn.execute(_KEPT).fetchall())
    accepted = stage.feeder.accepted
    assert sorted(accepted.keys() - found.keys()) == [], "accepted, and not in the history"
    assert sorted(found.keys() - accepted.keys()) == [], "in the history, and never accepted"
    assert [message for message, n in found.items() if n > 1] == [], "applied twice"
    for table in ("inbox", "set_aside", "journey_loop"):
        assert stage.one(f"SELECT count(*) FROM {table}") == 0

    labels = dict(stage.conn.execute("SELECT id, coalesce(external_id, key) FROM contact").fetchall())
    trips = list(read_trace(stage.conn, load_plan(stage.conn).versions, labels.__getitem__))
    _prove_decisions(stage.conn, labels, trips)
    mine = sorted(json.dumps(trip, sort_keys=True) for trip in trips if not trip["contact"].startswith(MERGED))
    definitions, conditions = read_drafts([journey.read_bytes() for journey in JOURNEYS], SEGMENTS)
    lines = (json.dumps(line).encode() for line in _history(stage))
    now = stage.one("SELECT clock_timestamp()")
    with backtest(stage.url, definitions, conditions, lines, Setting("UTC", currency="IRR"), now) as played:
        theirs = sorted(json.dumps(trip, sort_keys=True) for trip in played.trace())
        caused = _internal(played.connection, played.label)
    assert _differ(mine, theirs) == ([], []), "trips that only the engine has, and that only the back-test has"
    assert _differ(_internal(stage.conn, labels.__getitem__), caused) == ([], []), "internal events likewise"
    return f"{len(found)} events, {len(trips)} trips, {len(caused)} internal events"


def _history(stage: Stage) -> Iterator[dict[str, Any]]:
    """Every accepted message as it was sent, at the moment at which it was applied; without those who became one."""
    rows = stage.conn.execute(
        "SELECT message_id, timestamp, applied_at FROM event WHERE message_id IS NOT NULL AND type <> 'feedback' ORDER BY applied_at, seq"
    )
    for message_id, timestamp, applied_at in rows:
        message = stage.feeder.accepted[message_id]
        if not str(message.get("userId") or message["anonymousId"]).startswith(MERGED):
            yield message | {"timestamp": timestamp.isoformat(), "receivedAt": applied_at.isoformat()}


def _prove_decisions(connection: Connection[Any], labels: dict[int, str], trips: list[dict[str, Any]]) -> None:
    """As many messages as passages of points that send, for everybody. (That a key stands once is the table's.)"""
    decided = Counter((labels[row[0]], row[1], row[2]) for row in connection.execute(_DECIDED))
    passed = Counter(
        (trip["contact"], trip["journey"], passage["point"])
        for trip in trips
        for passage in trip["passages"]
        if passage["point"] in SENDING
    )
    assert decided == passed


def _internal(connection: Connection[Any], label: Any) -> list[tuple[Any, ...]]:
    rows = ((label(row[0]), *row[1:]) for row in connection.execute(_INTERNAL))
    return sorted(row for row in rows if not row[0].startswith(MERGED))


def _differ(mine: Iterable[Any], theirs: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """The first of those that only one side has."""
    left, right = Counter(mine), Counter(theirs)
    return list((left - right).elements())[:3], list((right - left).elements())[:3]
