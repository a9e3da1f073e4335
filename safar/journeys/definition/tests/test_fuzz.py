"""No input makes anything but a Definition or a refusal; what is taken can be written out, drawn, described, kept."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safar.journeys.definition.describe import describe
from safar.journeys.definition.diff import diff_definitions
from safar.journeys.definition.draw import draw_map
from safar.journeys.definition.dump import dump_yaml
from safar.journeys.definition.graph import topological
from safar.journeys.definition.model import Definition
from safar.journeys.definition.parse import parse_definition
from safar.journeys.definition.schema import journey_schema
from safar.journeys.definition.tests.json_schema import refusal
from safar.journeys.definition.tests.test_dump import values
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.registry import points, starting_points
from safar.journeys.tests.cases import CATALOG, example_text
from safar.lib.faults import Refused

SCHEMA = journey_schema()
WORDS = st.sampled_from(
    [
        *["kind", "paths", "next", "filter", "greet", "offer", "call", "event", "where", "all", "not", "trait", "is"],
        *["P3D", "-P1D", "never", "yes", "no", "else", "time", "weekdays", "until", "for", "any_event", "since"],
        *["arrival", "same_as", "entry.order_id", "%s", "{}", "10:00", "2027-03-21", *points(), *starting_points()],
    ]
)
parts = values | WORDS | st.dictionaries(WORDS, values | WORDS, max_size=4)


def outcome(data: Any) -> Definition | None:
    """The definition, or None where it was refused; anything else comes through as what it is."""
    try:
        return parse_definition(data, CATALOG)
    except Refused as refused:
        faults = refused.faults
    assert faults
    assert all(fault.message for fault in faults)
    return None


def holds_together(definition: Definition) -> None:
    """Everything that can be made of a definition can be made of this one."""
    assert parse_definition(definition.to_json(), CATALOG) == definition
    assert parse_definition(dump_yaml(definition), CATALOG) == definition
    assert sorted(topological(definition)) == list(range(len(definition.points)))
    assert diff_definitions(definition, definition) == []
    assert refusal(SCHEMA, json.loads(definition.to_json())) is None
    for language in ("en", "fa"):
        assert all("\n" not in line for line in [*draw_map(definition, language), *describe(definition, language)])


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | st.binary(max_size=100) | parts)
def test_anything_at_all(data: Any) -> None:
    assert outcome(data) is None or isinstance(data, (str, bytes, Mapping))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_example_with_letters_changed(data: st.DataObject) -> None:
    text = example_text()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        until = at + data.draw(st.integers(0, 12))
        text = (
            text[:at]
            + data.draw(st.text(max_size=6) | WORDS | st.sampled_from([": ", "{", "}", "\n", "  ", "- "]))
            + text[until:]
        )
    if definition := outcome(text):
        holds_together(definition)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_example_with_parts_changed(data: st.DataObject) -> None:
    changed = copy.deepcopy(load_yaml(example_text()).data)
    for _ in range(data.draw(st.integers(1, 3))):
        at = changed
        while True:
            key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else list(range(len(at)))))
            if not isinstance(at[key], (dict, list)) or not at[key] or data.draw(st.booleans()):
                break
            at = at[key]
        match data.draw(st.sampled_from(["replace", "remove", "add", "word"])):
            case "remove":
                del at[key]
            case "add" if isinstance(at, dict):
                at[data.draw(WORDS)] = data.draw(parts)
            case "word":
                at[key] = data.draw(WORDS)
            case _:
                at[key] = data.draw(parts)
        if not changed:
            break
    if definition := outcome(changed):
        holds_together(definition)


PARAMS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "split": st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1).map(lambda s: {"shares": s}),
    "branch": st.lists(st.sampled_from(["نخست", "b", "c"]), min_size=1, unique=True).map(
        lambda names: {"branches": {name: {"tag": name} for name in names}}
    ),
    "delay": st.sampled_from(
        [
            {"for": "P1D"},
            {"until": {"time": "10:00", "weekdays": ["sat"]}},
            {"until": {"trait": "x"}},
            {"until": "2027-03-21"},
        ]
    ),
    "wait": st.sampled_from(
        [{"event": "x"}, {"any_event": ["x", {"event": "y", "where": {"a": 1}}]}, {"tag": "x"}]
    ).map(lambda awaited: {"for": awaited, "at_most": "P1D"}),
}


@st.composite
def maps(draw: st.DrawFn) -> dict[str, Any]:
    """A right definition: points in a row, each path to a later one or to nothing, whoever is not reached left out."""
    kinds = draw(st.lists(st.sampled_from(list(points())), max_size=12))
    drawn = []
    for key in kinds:
        params = draw(PARAMS[key]) if key in PARAMS else dict(points()[key].example)
        names = list(params.get("shares", params.get("branches", {}))) + (["else"] if key == "branch" else [])
        ways = names or {"if_else": ["yes", "no"], "wait": ["happened", "timed_out"], "exit": []}.get(key, ["next"])
        drawn.append((key, params, ways))
    keys = [f"p{number}" for number in range(len(drawn))]
    made = {}
    for number, (key, params, ways) in enumerate(drawn):
        later = st.sampled_from([*keys[number + 1 :], None])
        made[keys[number]] = {"kind": key, **params, "paths": {way: draw(later) for way in ways}}
    starts = {}
    for number, key in enumerate(draw(st.lists(st.sampled_from(list(starting_points())), min_size=1, max_size=3))):
        following = draw(st.sampled_from(keys)) if keys else None
        starts[f"s{number}"] = {"kind": key, **starting_points()[key].example, "next": following}
    reached, left = set(), [start["next"] for start in starts.values() if start["next"]]
    while left:
        key = left.pop()
        reached.add(key)
        left += [to for to in made[key]["paths"].values() if to and to not in reached]
    return {"journey": "made", "start": starts, "points": {key: point for key, point in made.items() if key in reached}}


@settings(max_examples=300, deadline=None)
@given(maps())
def test_every_right_map_is_taken_and_drawn_whole(data: dict[str, Any]) -> None:
    definition = parse_definition(data, CATALOG)
    holds_together(definition)
    order = {definition.points[index].key: place for place, index in enumerate(topological(definition))}
    for point in definition.points:
        assert all(order[point.key] < order[to] for to in point.paths.values() if to)
    drawn = [line.lstrip("│├└─ \u200e") for line in draw_map(definition, width=200)]
    for key in definition.source["points"]:
        assert sum(line.startswith(f"{key} · ") for line in drawn) == 1


def test_data_that_bites_its_tail_is_refused() -> None:
    data: dict[str, Any] = {"journey": "x"}
    data["start"] = data
    with pytest.raises(Refused):
        parse_definition(data)


def test_the_source_is_a_copy() -> None:
    data = {"journey": "x", "start": {"s": {"kind": "event", "event": "a"}}}
    definition = parse_definition(data)
    data["start"]["s"]["event"] = "b"  # type: ignore[index]
    assert definition.source["start"]["s"]["event"] == "a"
