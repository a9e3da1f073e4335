"""Two ways: the condition holds, or it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.sql import Composable

from safar.journeys.kinds import Decision, Parameter, Params
from safar.journeys.saying import say_condition
from safar.journeys.words import choose
from safar.segments.reading import Reading


class IfElse(Decision):
    key = "if_else"
    icon = "git-branch"
    label = {"en": "If / Else", "fa": "اگر / وگرنه"}
    help = {
        "en": "Goes on by “yes” where the condition holds at this moment, by “no” where it does not.",
        "fa": "اگر شرط در این لحظه برقرار باشد از مسیر «بله» و وگرنه از مسیر «نه» می‌رود.",
    }
    parameters = (
        Parameter(
            "condition",
            "condition",
            {"en": "Condition", "fa": "شرط"},
            {"en": "What must be true of the contact.", "fa": "آنچه باید دربارهٔ مخاطب درست باشد."},
        ),
    )
    example = {"condition": {"trait": "city", "is": "Tehran"}}

    def paths(self, p: Params) -> Sequence[str]:
        return ("yes", "no")

    def ways(self, p: Params, r: Reading, point: str) -> Sequence[tuple[Composable | None, str]]:
        return ((p["condition"].holds(r), "yes"), (None, "no"))

    def reads(self, p: Params) -> frozenset[str]:
        found: frozenset[str] = p["condition"].reads()
        return found

    def uses(self, p: Params) -> frozenset[str]:
        found: frozenset[str] = p["condition"].uses()
        return found

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        said = say_condition(p["condition"], language)
        return choose(language, f"if {said}", f"اگر {said}")
