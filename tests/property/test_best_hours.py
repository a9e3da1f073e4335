"""Random histories of opens and clicks: a back-test reckons the hours of them, and leads people to their messages at the moments that the simulator gives."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from safar.journeys.backtest.run import Setting, backtest, read_drafts
from tests.simulator.best_hour import REACTIONS, _first_moment, best_hour

START = datetime(2026, 2, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
UNTIL = START + 6 * WEEK
ZONE = "Asia/Tehran"
PEOPLE = ("Sara", "Ali", "Mina", "Omid")
JOURNEY = {
    "journey": "j",
    "title": {"en": "J"},
    "settings": {"reentry": "always"},
    "start": {"s": {"kind": "event", "event": "Go", "next": "greet"}},
    "points": {"greet": {"kind": "send_email", "template": "hello", "send_at": "best_hour"}},
}


@pytest.mark.parametrize("seed", range(6))
def test_people_are_written_to_at_the_hours_of_their_history(server_url: str, seed: int) -> None:
    dice = random.Random(seed)
    opened: dict[str, list[datetime]] = {name: [] for name in PEOPLE}
    told: list[tuple[datetime, str, str]] = []
    for name in PEOPLE[:-1]:  # Omid never opens anything
        hours = dice.sample(range(24), 2)
        for _ in range(dice.choice([0, 4, 6, 30])):
            day = START + timedelta(days=dice.uniform(-95, 40))
            at = day.replace(hour=dice.choice(hours), minute=dice.randrange(60), second=1, microsecond=0)
            opened[name].append(at)
            told.append((at, name, dice.choice(REACTIONS)))
    told += [(at, name, f"{word}_by_machine") for at, name, word in told if dice.random() < 0.5 for _ in range(3)]
    goes = {name: START + timedelta(days=dice.uniform(0, 35), seconds=7) for name in PEOPLE}
    told += [(at.replace(microsecond=0), name, "Go") for name, at in goes.items()]
    lines = (
        json.dumps(
            {"type": "track", "userId": who, "event": what, "timestamp": at.isoformat(), "receivedAt": at.isoformat()}
        ).encode()
        for at, who, what in sorted(told)
    )
    definitions, conditions = read_drafts([JOURNEY], None)
    with backtest(server_url, definitions, conditions, lines, Setting(ZONE), UNTIL, start=START) as done:
        keys = {done.label(id): key for id, key in done.connection.execute("SELECT id, key FROM contact").fetchall()}
        found = {trip["contact"]: trip["passages"][0]["left_at"] for trip in done.trace()}
        assert done.hours is not None
    assert set(found) == set(PEOPLE)
    for name, go in goes.items():
        go = go.replace(microsecond=0)
        reckoned = START + (go - START) // WEEK * WEEK
        own = best_hour([(at, ZONE) for at in opened[name]], reckoned)
        house = best_hour([(at, ZONE) for some in opened.values() for at in some], reckoned)
        assert moment(found[name]) == expected(own if own is not None else house, go, keys[name]), (seed, name)


def test_without_openings_messages_go_at_once_and_the_result_says_so(server_url: str) -> None:
    line = {"type": "track", "userId": "Sara", "event": "Go", "timestamp": "2026-02-03T10:00:00Z"}
    lines = iter([json.dumps({**line, "receivedAt": line["timestamp"]}).encode()])
    definitions, conditions = read_drafts([JOURNEY], None)
    with backtest(server_url, definitions, conditions, lines, Setting(ZONE), UNTIL, start=START) as done:
        assert done.hours is not None
        assert done.hours.as_json() == {"own": 0, "house": None}
        assert [trip["status"] for trip in done.trace()] == ["finished"]


def expected(hour: int | None, go: datetime, key: str) -> datetime:
    if hour is None:
        return go
    world: Any = SimpleNamespace(zone_of=lambda contact: ZONE, counts=Counter())
    contact: Any = SimpleNamespace(key=key)
    return _first_moment(world, contact, hour, go)


def moment(shown: Any) -> datetime:
    return datetime.fromisoformat(shown) if isinstance(shown, str) else shown
