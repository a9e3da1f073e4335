"""A cart stands full and nothing has happened to it for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.expressions import add, iso_text, shop_entry
from safar.journeys.kinds import Parameter, Params, StateStart
from safar.journeys.words import choose, say_duration
from safar.segments.reading import Reading


class CartAbandoned(StateStart):
    key = "cart_abandoned"
    icon = "shopping-cart-off"
    label = {"en": "Cart abandoned", "fa": "سبد خرید رهاشده"}
    help = {
        "en": "The cart is not empty and was not touched for this long. Once for each such pause.",
        "fa": "سبد خرید خالی نیست و این مدت دست‌نخورده مانده است. برای هر وقفه یک بار.",
    }
    parameters = (
        Parameter(
            "after",
            "duration",
            {"en": "After", "fa": "پس از"},
            {
                "en": "Time since the last change of the cart, such as PT1H.",
                "fa": "زمان از آخرین تغییر سبد، مانند PT1H.",
            },
        ),
    )
    example = {"after": "PT1H"}
    at_once = True

    def reads(self, p: Params) -> frozenset[str]:
        return frozenset({"fact:cart_value", "fact:cart_at"})

    def due(self, p: Params, r: Reading) -> Composable:
        return SQL("CASE WHEN {f}.cart_value > 0 THEN {moment} END").format(
            f=r.facts, moment=add(SQL("{}.cart_at").format(r.facts), p["after"], r)
        )

    def mark(self, p: Params, r: Reading) -> Composable:
        """A pause is known by the cart event that it began with."""
        return iso_text(SQL("{}.cart_at").format(r.facts))

    def entry(self, p: Params, r: Reading) -> Composable:
        return shop_entry(r.facts)

    def brings(self, p: Params, r: Reading) -> Composable | None:
        """Whoever has a full cart now says nothing of those who will."""
        return None

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        after = say_duration(p["after"], language)
        return choose(language, f"left a cart for {after}", f"سبد خرید را {after} رها کرد")
