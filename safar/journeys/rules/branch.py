"""Several ways: the first condition that holds wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.sql import Composable

from safar.journeys.kinds import Decision, Parameter, Params
from safar.journeys.words import choose, listed
from safar.lib.faults import Faults, said
from safar.segments.reading import Reading


class Branch(Decision):
    key = "branch"
    icon = "arrows-split-2"
    label = {"en": "Branch", "fa": "انشعاب"}
    help = {
        "en": "Looks at the conditions in order and goes on by the first that holds; by “else” where none does.",
        "fa": "شرط‌ها را به ترتیب می‌خواند و از مسیر نخستین شرط برقرار می‌رود؛ اگر هیچ‌کدام برقرار نبود از «else».",
    }
    parameters = (
        Parameter(
            "branches",
            "branches",
            {"en": "Branches", "fa": "شاخه‌ها"},
            {"en": "Path → condition; the order counts.", "fa": "مسیر ← شرط؛ ترتیب مهم است."},
        ),
    )
    example = {
        "branches": {
            "club": {"tag": "vip"},
            "buyers": {"fact": "orders", "at_least": 1},
        }
    }

    def paths(self, p: Params) -> Sequence[str]:
        return (*p["branches"], "else")

    def check(self, p: Params, faults: Faults) -> None:
        if "else" in p["branches"]:
            faults.at("branches", "else").add(
                said("'else' is the path for whoever is left; give this branch another name")
            )

    def ways(self, p: Params, r: Reading, point: str) -> Sequence[tuple[Composable | None, str]]:
        return (*((condition.holds(r), path) for path, condition in p["branches"].items()), (None, "else"))

    def reads(self, p: Params) -> frozenset[str]:
        return frozenset().union(*(condition.reads() for condition in p["branches"].values()))

    def uses(self, p: Params) -> frozenset[str]:
        return frozenset().union(*(condition.uses() for condition in p["branches"].values()))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        names = listed([*p["branches"], "else"], language, last="or")
        return choose(language, f"branches: {names}", f"انشعاب: {names}")
