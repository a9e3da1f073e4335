"""Each journey of the shelf walked by Sara, Ali and Mina in a back-test, to its important ends, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from safar.journeys.backtest.run import Setting, backtest, read_drafts
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.readymade.shelf import KEYS, read_draft, read_segments

STORIES = load_yaml((Path(__file__).parent / "stories.yaml").read_bytes()).data
PLACES = {"fa": Setting("Asia/Tehran", "jalali", "IRT"), "en": Setting("Europe/London", "gregorian", "GBP")}
UNTIL = datetime(2026, 12, 1, tzinfo=UTC)


def messages(happens: list[list[Any]]) -> Iterator[bytes]:
    """In the order of their times, as Segment would send them."""
    for who, at, what, said in sorted(happens, key=lambda line: line[1]):
        moment = f"2026-{at.replace(' ', 'T')}:00Z"
        message: dict[str, Any] = {"userId": who, "timestamp": moment, "receivedAt": moment}
        if what == "consent":
            message |= {"type": "identify", "traits": {}, "context": {"consent": said}}
        elif what == "identify":
            message |= {"type": "identify", "traits": said}
        elif what == "page":
            message |= {"type": "page", "properties": said}
        else:
            message |= {"type": "track", "event": what, "properties": said}
        yield json.dumps(message).encode()


def road(trip: dict[str, Any]) -> str:
    points = [
        passage["point"] + ("" if passage["path"] in (None, "next") else f":{passage['path']}")
        for passage in trip["passages"]
    ]
    return " ".join(filter(None, [trip["status"], trip["reason"], "|", *points]))


@pytest.mark.parametrize("language", PLACES)
@pytest.mark.parametrize("key", KEYS)
def test_the_story_of_a_journey(key: str, language: str, server_url: str) -> None:
    draft = read_draft(key, language)
    settings = {name: value for name, value in (draft.get("settings") or {}).items() if name != "control_group"}
    definitions, conditions = read_drafts([{**draft, "settings": settings}], read_segments(key))
    story = STORIES[key]
    with backtest(server_url, definitions, conditions, messages(story["happens"]), PLACES[language], UNTIL) as done:
        assert {trip["contact"]: road(trip) for trip in done.trace()} == story["roads"]


def test_every_journey_has_a_story() -> None:
    assert list(STORIES) == list(KEYS)
