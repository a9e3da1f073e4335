"""Any event by its name, told apart by its properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.saying import say_event
from safar.segments.literals import text
from safar.segments.reading import Reading


class Event(EventStart):
    key = "event"
    icon = "bolt"
    label = {"en": "Event", "fa": "رویداد"}
    help = {
        "en": "An event of this name, from the shop, the site, an app, or another journey.",
        "fa": "رویدادی با این نام، از فروشگاه، وب‌سایت، اپلیکیشن یا سفری دیگر.",
    }
    parameters = (
        Parameter("event", "event", {"en": "Event", "fa": "رویداد"}, {"en": "The event's name.", "fa": "نام رویداد."}),
        Parameter(
            "where",
            "where",
            {"en": "Where", "fa": "به شرط"},
            {"en": "What its properties must be.", "fa": "ویژگی‌های رویداد چه باشند."},
            required=False,
        ),
    )
    example = {"event": "Product Viewed", "where": {"category": {"is": "shoes"}}}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({f"event:{p['event']}"})

    def matches(self, p: Params, r: Reading) -> Composable:
        named = SQL("t.name = {}").format(text(p["event"]))
        if "where" not in p:
            return named
        return SQL("({} AND {})").format(named, p["where"].holds(SQL("t.properties"), r))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return say_event(p, language)
