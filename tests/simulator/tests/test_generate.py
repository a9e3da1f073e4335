"""Generated cases are valid, come from their seed alone, and are shrunk to what matters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..compare import differences
from ..generate import generate
from ..run import run, run_case
from ..shrink import shrink
from ..valid import faults


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_cases_are_valid_and_plain_json(first: int) -> None:
    for seed in range(first, first + 50):
        case = generate(seed)
        assert faults(case) == []
        assert json.loads(json.dumps(case)) == case
        assert generate(seed) == case


def test_most_cases_are_interesting() -> None:
    touched: dict[str, int] = {}
    for seed in range(1, 151):
        for name in run_case(generate(seed)).counts:
            touched[name] = touched.get(name, 0) + 1
    wanted = {"entered": 110, "stood, then happened": 25, "stood, then timed_out": 60, "goal open": 10}
    wanted |= {"left exit_when": 5, "late event": 100, "re-entered": 50, "segment_joined": 10, "held out": 8}
    assert {name: count for name, count in wanted.items() if touched.get(name, 0) < count} == {}


def test_a_trace_tells_one_story_only() -> None:
    for seed in range(1, 41):
        case = generate(seed)
        trace = run(case)
        assert differences(trace, run(case)) == []
        assert trace == json.loads(json.dumps(trace))
        for row in trace:
            _check_row(row)


def _check_row(row: dict[str, Any]) -> None:
    at = row["entered_at"]
    for number, passage in enumerate(row["passages"]):
        last = number == len(row["passages"]) - 1
        assert passage["arrived_at"] >= at
        assert last or (passage["left_at"] and passage["path"])
        at = passage["left_at"] or at
    if row["status"] == "open":
        assert row["passages"][-1]["left_at"] is None
    if row["status"] == "finished":
        assert row["passages"][-1]["path"]
    if row["status"] == "left":
        assert row["reason"]
        assert row["passages"][-1]["path"] is None


def test_differences_are_named() -> None:
    trace = next(trace for trace in (run(generate(seed)) for seed in range(1, 99)) if trace and trace[0]["passages"])
    other = json.loads(json.dumps(trace))
    other[0]["status"] = "nowhere"
    other[0]["passages"][0]["point"] = "elsewhere"
    assert len(differences(trace, other)) == 2
    assert differences(trace, trace[1:])


def test_shrink_keeps_what_fails() -> None:
    def fails(case: dict[str, Any]) -> bool:
        return any(row["status"] == "left" and row["reason"] == "goal" for row in run(case))

    seed = next(seed for seed in range(7, 200) if fails(generate(seed)))
    small = shrink(generate(seed), fails)
    assert fails(small)
    assert faults(small) == []
    assert len(small["events"]) <= 4
    assert len(small["journeys"]) == 1
