"""A back-test that begins at a moment: what came before is history, which conditions read and nobody enters by."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from safar.journeys.backtest.run import Setting, backtest, read_drafts

JOURNEY = {
    "journey": "j",
    "title": {"en": "J"},
    "start": {"s": {"kind": "event", "event": "Go", "next": "known"}},
    "points": {
        "known": {
            "kind": "if_else",
            "condition": {"event": "View", "times": {"at_least": 1}},
            "paths": {"yes": "mark"},
        },
        "mark": {"kind": "add_tag", "tag": "known"},
    },
}


def at(day: int) -> str:
    return datetime(2026, 1, day, 10, tzinfo=UTC).isoformat()


def test_who_came_before_does_not_enter_and_what_they_did_counts(server_url: str) -> None:
    events = [("sara", "Go", 1), ("ali", "View", 2), ("mina", "Page", 3), ("ali", "Go", 10), ("mina", "Go", 11)]
    lines = (
        json.dumps(
            {"type": "track", "userId": who, "event": event, "timestamp": at(day), "receivedAt": at(day)}
        ).encode()
        for who, event, day in events
    )
    definitions, conditions = read_drafts([JOURNEY], None)
    until, start = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)
    with backtest(server_url, definitions, conditions, lines, Setting("UTC"), until, start=start) as done:
        assert done.events == len(events)
        trips = {trip["contact"]: [p["path"] for p in trip["passages"]] for trip in done.trace()}
    assert trips == {"ali": ["yes", "next"], "mina": ["no"]}
