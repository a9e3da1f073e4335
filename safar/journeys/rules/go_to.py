"""Back to a point that was passed, so many times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import Jump, Parameter, Params
from safar.journeys.words import choose, digits
from safar.lib.faults import Faults, said

MOST_TIMES = 100


class GoTo(Jump):
    key = "go_to"
    icon = "arrow-back-up"
    label = {"en": "Go to", "fa": "برو به"}
    help = {
        "en": "Goes back by “jump”, at most so many times in a trip; after that on by “next”.",
        "fa": "از مسیر «jump» به نقطه‌ای دیگر برمی‌گردد، در هر پیمایش حداکثر این‌قدر بار؛ سپس از «next» ادامه می‌دهد.",
    }
    parameters = (
        Parameter(
            "times",
            "number",
            {"en": "Times", "fa": "چند بار"},
            {"en": f"How often at most: 1 to {MOST_TIMES}.", "fa": "حداکثر چند بار: ۱ تا ۱۰۰."},
        ),
    )
    example = {"times": 3}

    def check(self, p: Params, faults: Faults) -> None:
        if p["times"] not in range(1, MOST_TIMES + 1):
            faults.at("times").add(
                said(
                    "must be a whole number from 1 to %(most_times)s, not %(times)s",
                    most_times=MOST_TIMES,
                    times=p["times"],
                )
            )

    def times(self, p: Params) -> int:
        return int(p["times"])

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        times = p["times"]
        said = digits(times, language)
        return choose(
            language, f"goes back, at most {'once' if times == 1 else said + ' times'}", f"حداکثر {said} بار برمی‌گردد"
        )
