"""Several ways by lot, always the same one for the same contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from psycopg.sql import SQL, Composable, Literal

from safar.journeys.kinds import Decision, Parameter, Params
from safar.journeys.words import choose, digits, listed
from safar.segments.literals import text
from safar.segments.reading import Reading


class Split(Decision):
    key = "split"
    icon = "percentage"
    label = {"en": "Split", "fa": "تقسیم درصدی"}
    help = {
        "en": "Divides people by shares. Who comes again, in a retry or a re-entry, goes the same way.",
        "fa": "مخاطبان را به نسبت سهم‌ها تقسیم می‌کند. کسی که دوباره بیاید از همان مسیر می‌رود.",
    }
    parameters = (
        Parameter(
            "shares",
            "shares",
            {"en": "Shares", "fa": "سهم‌ها"},
            {"en": "Path → share; what counts is the proportion.", "fa": "مسیر ← سهم؛ نسبت سهم‌ها مهم است."},
        ),
    )
    example = {"shares": {"a": 50, "b": 50}}

    def paths(self, p: Params) -> Sequence[str]:
        return tuple(p["shares"])

    def ways(self, p: Params, r: Reading, point: str) -> Sequence[tuple[Composable | None, str]]:
        """The contact's lot times the sum, held against the running total: floats in the order of the file."""
        totals = list(accumulate(float(share) for share in p["shares"].values()))
        lot = SQL("safar_share(c.key || {})").format(text(f"|{r.journey}|{point}"))
        below = SQL("{} * {}::float8 < {}::float8")
        ways: list[tuple[Composable | None, str]] = [
            (below.format(lot, Literal(totals[-1]), Literal(total)), path)
            for path, total in zip(p["shares"], totals, strict=True)
        ]
        last = max(number for number, share in enumerate(p["shares"].values()) if share > 0)
        # The lot is below 1, so whoever is left belongs to the last share that is not 0.
        return [*ways[:last], (None, ways[last][1])]

    def portions(self, p: Params) -> Mapping[str, float] | None:
        total = sum(float(share) for share in p["shares"].values())
        return {path: float(share) / total for path, share in p["shares"].items()}

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        total = sum(p["shares"].values())
        parts = [f"{path} {digits(round(100 * share / total, 1), language)}" for path, share in p["shares"].items()]
        percent = choose(language, "%", "٪")
        return choose(language, "split: ", "تقسیم: ") + listed([f"{part}{percent}" for part in parts], language)
