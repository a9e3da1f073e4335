"""The fine print as cases worked out by hand: `load()` gives them all, written out in full.

A file in `cases/` is a list of cases; what they leave out is the same for all: year 2026, contact and userId `sara`,
journey `j`, starting point `s`, zone UTC.

- `events`: `{at: 01-02 10:00, track: Clicked, properties: {…}}`, or `identify: {…}` (traits), `page: Home`,
  `group: {…}`, `alias: {from: a1, to: sara}`; also `by` (userId, null for none), `anonymous`, `consent`, `topics`,
  `happened` (timestamp where it is not receivedAt), `id` (messageId).
- `expect`: rows `{start, entered, status, reason, goal, one_per, road}`; a road is a list of passages:
  `p1 01-02 10:00` stands there, `p1 01-02 10:00 .. 01-03 10:00` left there by no path,
  `p1 01-02 10:00 .. 01-03 10:00 by next`, `p1 01-02 10:00 by next` at once; `times: 9` is nine rows alike.
- `condition` and `holds` instead of journeys and expect: asked by the event Ask at `ask`.
- `says` is the sentence of docs/journeys.md (or docs/semantics.md) that the case shows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import yaml12
from .run import Case, Row

ROW = {"contact", "journey", "one_per", "start", "entered", "status", "reason", "goal", "road", "times"}
FOLDER = Path(__file__).parent / "cases"
_PASSAGE = re.compile(r"^(\w+) ([\d:. -]+?)(?: \.\. ([\d:. -]+?))?(?: by (\w+))?$")


@dataclass(frozen=True)
class FinePrint:
    name: str
    says: str
    case: Case  # as `run` takes it
    journeys_yaml: str  # the journeys as YAML text, documents divided by ---
    expected: list[Row]
    refusals: dict[str, dict[str, int]] | None = None


def load() -> list[FinePrint]:
    found = []
    for file in sorted(FOLDER.glob("*.yaml")):
        for number, given in enumerate(yaml12.load(file.read_text())):
            try:
                found.append(_written_out(given, f"{file.stem}: "))
            except Exception as fault:
                raise ValueError(f"{file.name}, case {number + 1} {given.get('name')}: {fault!r}") from fault
    return found


def moment(text: str, digits: int = 6) -> str:
    """01-02 10:00 as 2026-01-02T10:00:00.000000Z."""
    day, _, clock = text.strip().partition(" ")
    if len(day) == 5:
        day = f"2026-{day}"
    clock, _, fraction = clock.partition(".")
    if len(clock) == 5:
        clock += ":00"
    return f"{day}T{clock}.{fraction.ljust(digits, '0')}Z"


def _written_out(given: dict[str, Any], prefix: str) -> FinePrint:
    events = [_event(event, number) for number, event in enumerate(given["events"])]
    if "condition" in given:
        events.append(_event({"at": given["ask"], "track": "Ask", "properties": given.get("entry", {})}, len(events)))
        journeys = [_asking(given["condition"])]
        text = json.dumps(journeys[0], ensure_ascii=False)
        way = "yes" if given["holds"] else "no"
        expected = [_row({"entered": given["ask"], "status": "finished", "road": [f"asked {given['ask']} by {way}"]})]
        until = given["ask"]
    else:
        text = given["journeys"]
        journeys = yaml12.load_all(text)
        expected = [_row(row) for row in given["expect"] for _ in range(row.get("times", 1))]
        until = given["until"]
    case = {
        "journeys": journeys,
        "segments": given.get("segments", {}),
        "events": events,
        "until": moment(until),
        "zone": given.get("zone", "UTC"),
        "calendar": given.get("calendar", "gregorian"),
        "late_events": given.get("late_events", "PT1H"),
        "currency": given.get("currency", "IRR"),
        "rates": given.get("rates", {}),
        "topics": given.get("topics", []),
        "quiet": given.get("quiet", {}),
    }
    return FinePrint(prefix + given["name"], given["says"], case, text, expected, given.get("refusals"))


def _asking(condition: dict[str, Any]) -> dict[str, Any]:
    return {
        "journey": "j",
        "start": {"s": {"kind": "event", "event": "Ask", "next": "asked"}},
        "points": {"asked": {"kind": "if_else", "condition": condition}},
    }


def _event(given: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = {"messageId": given.get("id", f"m{number}"), "receivedAt": moment(given["at"])}
    found["timestamp"] = moment(given.get("happened", given["at"]))
    if given.get("by", "sara"):
        found["userId"] = given.get("by", "sara")
    if "anonymous" in given:
        found["anonymousId"] = given["anonymous"]
    if "consent" in given:
        found["context"] = {"consent": given["consent"]}
    if "topics" in given:
        found["context"] = {**found.get("context", {}), "topics": given["topics"]}
    if "track" in given:
        return found | {"type": "track", "event": given["track"], "properties": given.get("properties", {})}
    if "identify" in given:
        return found | {"type": "identify", "traits": given["identify"]}
    if "alias" in given:
        return found | {"type": "alias", "previousId": given["alias"]["from"], "userId": given["alias"]["to"]}
    if "group" in given:
        return found | {"type": "group", "groupId": "g1", "traits": given["group"]}
    kind = "page" if "page" in given else "screen"
    return found | {"type": kind, "name": given[kind], "properties": given.get("properties", {})}


def _row(given: dict[str, Any]) -> Row:
    assert set(given) <= ROW, given
    return {
        "contact": given.get("contact", "sara"),
        "journey": given.get("journey", "j"),
        "one_per": given.get("one_per"),
        "starting_point": given.get("start", "s"),
        "entered_at": moment(given["entered"]),
        "status": given["status"],
        "reason": given.get("reason"),
        "goal_at": moment(given["goal"]) if "goal" in given else None,
        "passages": [_passage(text) for text in given.get("road", [])],
    }


def _passage(text: str) -> Row:
    found = _PASSAGE.match(text)
    assert found, text
    arrived, path = moment(found[2]), found[4]
    left = moment(found[3]) if found[3] else (arrived if path else None)
    return {"point": found[1], "arrived_at": arrived, "left_at": left, "path": path}
