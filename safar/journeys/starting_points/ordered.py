"""A contact has bought something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Params
from safar.journeys.words import choose
from safar.segments.reading import Reading


class Ordered(EventStart):
    key = "ordered"
    icon = "shopping-bag-check"
    label = {"en": "Ordered", "fa": "ثبت سفارش"}
    help = {
        "en": "An order has been completed, once for each order: the same order sent again counts for nothing.",
        "fa": "سفارشی کامل شد، برای هر سفارش یک بار: سفارشی که دوباره فرستاده شود به شمار نمی‌آید.",
    }

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"ordered"})

    def matches(self, p: Params, r: Reading) -> Composable:
        return SQL("t.ordered")

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return choose(language, "completed an order", "سفارشی ثبت کرد")
