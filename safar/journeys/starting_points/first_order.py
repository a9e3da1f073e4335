"""A contact has bought for the first time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Params
from safar.journeys.words import choose
from safar.segments.lookups import count_up_to, rows
from safar.segments.reading import Reading


class FirstOrder(EventStart):
    key = "first_order"
    icon = "shopping-bag-heart"
    label = {"en": "First order", "fa": "نخستین سفارش"}
    help = {
        "en": "The contact has completed an order and had never completed one before, not even one that was cancelled later.",
        "fa": "مخاطب سفارشی را کامل کرد و پیش از آن هیچ سفارشی کامل نکرده بود؛ حتی سفارشی که بعد لغو شده باشد.",
    }

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"ordered"})

    def matches(self, p: Params, r: Reading) -> Composable:
        """Purchases are written in step 1: this order is one of them already."""
        completed = rows("purchase", SQL("v.at IS NOT NULL"), r)
        return SQL("(t.ordered AND {} = 1)").format(count_up_to(completed, SQL("2")))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return choose(language, "completed the first order", "نخستین سفارش را ثبت کرد")
