"""Every sentence of the fine print that one contact's history can show, on the simulator."""

from __future__ import annotations

import pytest

from ..compare import differences
from ..fine_print import FinePrint, load
from ..run import run_case
from ..valid import faults

CASES = load()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_fine_print(case: FinePrint) -> None:
    assert faults(case.case) == []
    result = run_case(case.case, logging=True)
    story = "\n".join(line for steps in result.steps.values() for line in steps)
    assert differences(result.trace, case.expected) == [], f"{case.says}\n{story}"
    if case.refusals is not None:
        assert result.refusals == case.refusals, case.says


def test_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
