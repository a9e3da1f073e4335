"""Each benchmark runs in small and says what it promises to say. No time is asserted, and only ratios that hold on a busy machine."""

from __future__ import annotations

import pytest

from safar.bench.all import MODULES, run_benchmark
from safar.bench.report import Goal, Report, percentile

# goals of the issue, by a word of their names
PROMISED = {
    "engine": ["against the floor", "one transaction a step", "two engines", "WAL records", "HOT", "passages a second"],
    "timers": ["claiming", "many parked", "with watches"],
    "ingest": ["own row writes", "bare COPY", "on one core", "p99"],
    "latency": ["p50", "p99"],
    "backtest": ["34 days", "plain scan"],
    "dispatch": ["tracking", "smtplib"],
    "pages": ["slowest", "against itself"],
}


def run(name: str, server_url: str) -> Report:
    return run_benchmark(name, server_url, None, small=True, say=lambda what: None)


@pytest.mark.parametrize("name", MODULES)
def test_says_what_it_promises(name: str, server_url: str) -> None:
    report = run(name, server_url)
    assert len(report.goals) == len(PROMISED[name])
    for word in PROMISED[name]:
        assert any(word in goal.name for goal in report.goals), word
    assert all(figure.value is None or figure.value >= 0 for figure in report.figures)
    told = report.as_json()
    assert told["benchmark"] == name
    assert len(told["goals"]) == len(report.goals)
    if name == "engine":
        hot = next(goal for goal in report.goals if "HOT" in goal.name)
        assert hot.value is None or hot.value > 80
        passages = next(figure for figure in report.figures if figure.name == "engine, first stretch: passages")
        assert passages.value == pytest.approx(4 * report.size, rel=0.1)
    if name == "timers":
        assert all(goal.value is None or goal.value < 10 for goal in report.goals if goal.unit == "×")


@pytest.mark.parametrize(
    ("value", "sense", "met"),
    [(2.0, "at most", True), (4.0, "at most", False), (4.0, "at least", True), (None, "at least", None)],
)
def test_goals_are_judged_by_their_side(value: float | None, sense: str, met: bool | None) -> None:
    assert Goal("x", value, 3.0, sense).met is met


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
