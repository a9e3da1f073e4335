"""Somebody of the business has put a contact into this journey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Params
from safar.journeys.words import choose
from safar.segments.literals import text
from safar.segments.reading import Reading


class AddedByHand(EventStart):
    key = "added_by_hand"
    icon = "user-plus"
    label = {"en": "Added by hand", "fa": "افزودن دستی"}
    help = {
        "en": "A member of the team puts contacts into this journey, one by one or from a list.",
        "fa": "یکی از همکاران مخاطبان را تک‌تک یا از روی فهرست وارد این سفر می‌کند.",
    }

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"event:added_by_hand"})

    def matches(self, p: Params, r: Reading) -> Composable:
        if r.journey is None:
            return SQL("false")
        return SQL("(t.name = 'added_by_hand' AND coalesce(t.properties ->> 'journey' = {}, false))").format(
            text(r.journey)
        )

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return choose(language, "added by hand", "دستی افزوده شد")
