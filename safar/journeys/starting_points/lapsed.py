"""Nothing was bought for a long time by somebody who used to buy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.expressions import add, iso_text, shop_entry
from safar.journeys.kinds import Parameter, Params, StateStart
from safar.journeys.words import choose, say_duration
from safar.segments.reading import Reading


class Lapsed(StateStart):
    key = "lapsed"
    icon = "hourglass-empty"
    label = {"en": "Has not bought for a while", "fa": "مدتی است خرید نکرده"}
    help = {
        "en": "The last order lies this far back. Once for each last order; who never bought does not lapse.",
        "fa": "از آخرین سفارش این مدت گذشته است. برای هر آخرین سفارش یک بار؛ کسی که هرگز نخریده به شمار نمی‌آید.",
    }
    parameters = (
        Parameter(
            "after",
            "duration",
            {"en": "After", "fa": "پس از"},
            {"en": "Time since the last order, such as P90D.", "fa": "زمان از آخرین سفارش، مانند P90D."},
        ),
    )
    example = {"after": "P90D"}
    lazy = True  # every order would move the timer; the early one finds out for itself

    def reads(self, p: Params) -> frozenset[str]:
        return frozenset({"fact:last_order"})

    def due(self, p: Params, r: Reading) -> Composable:
        return add(SQL("{}.last_order").format(r.facts), p["after"], r)

    def mark(self, p: Params, r: Reading) -> Composable:
        return iso_text(SQL("{}.last_order").format(r.facts))

    def entry(self, p: Params, r: Reading) -> Composable:
        return shop_entry(r.facts)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        after = say_duration(p["after"], language)
        return choose(language, f"no order for {after}", f"{after} بدون خرید")
