"""Every sentence of the fine print, worked out by hand, on the engine: as a back-test, live in batches, and with two engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.property.stage import Stage, accepted, stage
from tests.simulator.compare import differences
from tests.simulator.fine_print import FinePrint, load


@pytest.fixture(scope="module")
def played(server_url: str) -> Iterator[Stage]:
    with stage(server_url) as place:
        yield place


@pytest.mark.parametrize("given", load(), ids=lambda given: given.name)
def test_the_fine_print_holds(played: Stage, given: FinePrint) -> None:
    case = {"seed": 1, **given.case}
    case["events"] = accepted(case["events"])  # what ingestion refuses never comes to an engine
    for play in (played.backtest, played.live, played.two_engines):
        assert differences(play(case), given.expected) == [], (
            f"{given.says} ({play.__name__}; a is the engine, b the sentence)"
        )


@pytest.mark.parametrize("given", load(), ids=lambda given: given.name)
def test_nobody_walks_next_door(played: Stage, given: FinePrint) -> None:
    case = {"seed": 1, **given.case}
    case["events"] = accepted(case["events"])
    assert differences(played.neighbours(case), [*given.expected, *given.expected]) == [], given.says
