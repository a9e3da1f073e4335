"""Publishing arms what waits for a moment, for everybody who is there already: birthdays, days of the year, a segment once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from safar.journeys.backtest.run import Setting, backtest, read_drafts

SEGMENTS = {"readers": {"event": "Read", "within": "P30D"}}


def entered(
    server_url: str, start: dict[str, Any], events: list[tuple[str, dict[str, Any], str]]
) -> list[tuple[str, str]]:
    """Who entered when (2026, UTC); published on 1 May, seen up to the end of 2027."""
    lines = (
        json.dumps({"userId": who, "timestamp": f"{at}T10:00:00Z", "receivedAt": f"{at}T10:00:00Z", **said}).encode()
        for who, said, at in events
    )
    journey = {"journey": "j", "settings": {"reentry": "always"}, "start": {"s": start}}
    definitions, conditions = read_drafts([journey], SEGMENTS)
    until, published = datetime(2028, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    with backtest(
        server_url, definitions, conditions, lines, Setting("Asia/Tehran", "jalali"), until, start=published
    ) as done:
        return [(trip["contact"], trip["entered_at"][:16]) for trip in done.trace()]


def born(day: str) -> dict[str, Any]:
    return {"type": "identify", "traits": {"birthday": day}}


READ = {"type": "track", "event": "Read"}


def test_birthdays_of_those_who_are_there(server_url: str) -> None:
    events = [("sara", born("1990-04-10"), "2026-01-01"), ("ali", born("1990-05-10"), "2026-01-02")]
    assert entered(server_url, {"kind": "birthday"}, events) == [
        ("sara", "2027-04-09T20:30"),  # this year's was before the publishing
        ("ali", "2026-05-09T20:30"),
        ("ali", "2027-05-09T20:30"),
    ]


def test_a_day_of_the_year_for_those_who_are_there(server_url: str) -> None:
    events = [("sara", READ, "2026-01-01"), ("ali", READ, "2026-09-24")]
    start = {"kind": "yearly_date", "day": "07-01"}  # 1 Mehr
    assert entered(server_url, start, events) == [
        ("sara", "2026-09-22T20:30"),
        ("sara", "2027-09-22T20:30"),
        ("ali", "2027-09-22T20:30"),
    ]


def test_a_segment_once_for_those_who_are_there(server_url: str) -> None:
    events = [
        ("sara", READ, "2026-01-01"),
        ("ali", READ, "2026-04-20"),
        ("mina", READ, "2026-05-05"),
        ("late", READ, "2026-05-11"),
        ("sara", READ, "2026-05-12"),
    ]
    start = {"kind": "segment_once", "segment": "readers", "at": "2026-05-10T18:00"}
    assert entered(server_url, start, events) == [("ali", "2026-05-10T14:30"), ("mina", "2026-05-10T14:30")]
    at_publishing = {"kind": "segment_once", "segment": "readers"}
    assert entered(server_url, at_publishing, events) == [("ali", "2026-05-01T00:00")]
    past = {"kind": "segment_once", "segment": "readers", "at": "2026-04-25T18:00"}
    assert entered(server_url, past, events) == []
