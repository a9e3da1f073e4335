"""Random journeys over random histories: back-test, live engine in cut batches and two engines at once walk as the simulator does.

The seed of every case is its number; `make deep-test` runs twenty times as many. A difference prints the case's number.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.property.stage import Stage, accepted, stage
from tests.simulator.compare import differences
from tests.simulator.generate import generate
from tests.simulator.run import run_case

SLICE = 10
RUNS = 1000  # runs, not cases: a case may be played in several ways; --runs gives more (make deep-test: 20000)
FIRST = 1


@pytest.fixture(scope="module")
def played(server_url: str) -> Iterator[Stage]:
    with stage(server_url) as place:
        yield place


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    runs = metafunc.config.getoption("--runs") or RUNS
    cases = runs * 5 // 8  # of eight plays five are back-tests, one is live, one has two engines, one a neighbour
    metafunc.parametrize("first", range(FIRST, FIRST + cases, SLICE))


def test_all_engines_walk_as_the_simulator_does(played: Stage, first: int) -> None:
    for seed in range(first, first + SLICE):
        case = generate(seed)
        case["events"] = accepted(case["events"])
        expected = run_case(case).trace
        plays = {"back-test": played.backtest}
        if seed % 5 == 0:
            plays["live in cut batches"] = played.live
        if seed % 5 == 1:
            plays["two engines"] = played.two_engines
        for way, play in plays.items():
            assert differences(play(case), expected) == [], f"seed {seed}, {way}: a is the engine, b the simulator"
        if seed % 5 == 2:
            assert differences(played.neighbours(case), [*expected, *expected]) == [], f"seed {seed}, next door"
