"""A date in a contact's trait has come, or comes in so many days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.expressions import add, earlier_today
from safar.journeys.kinds import Parameter, Params, StateStart
from safar.journeys.words import before_or_after
from safar.segments.literals import text
from safar.segments.reading import Reading


class DateReached(StateStart):
    key = "date_reached"
    icon = "calendar-event"
    label = {"en": "Date reached", "fa": "فرارسیدن تاریخ"}
    help = {
        "en": "The date in a field, moved by the offset, has come. One already past when it is set starts nothing.",
        "fa": "تاریخ یک ویژگی، با فاصله‌ای که داده‌اید، فرا رسید. تاریخی که هنگام ثبت گذشته باشد اثری ندارد.",
    }
    parameters = (
        Parameter(
            "trait",
            "trait",
            {"en": "Field", "fa": "ویژگی"},
            {"en": "The field that holds the date (ISO 8601).", "fa": "ویژگی‌ای که تاریخ در آن است (ISO 8601)."},
        ),
        Parameter(
            "offset",
            "offset",
            {"en": "Offset", "fa": "فاصله"},
            {
                "en": "Before it with a minus, such as -P7D; after it without.",
                "fa": "پیش از آن با منفی، مانند -P7D؛ پس از آن بدون منفی.",
            },
            required=False,
        ),
    )
    example = {"trait": "renewal", "offset": "-P7D"}
    includes_now = True
    rearms = True

    def reads(self, p: Params) -> frozenset[str]:
        return frozenset({f"trait:{p['trait']}"})

    def due(self, p: Params, r: Reading) -> Composable:
        moment = SQL("safar_time({}, {})").format(self._value(p, r), r.zone)
        return add(moment, p["offset"], r) if "offset" in p else moment

    def mark(self, p: Params, r: Reading) -> Composable:
        return SQL("({})::text").format(self._value(p, r))

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('trait', {}, 'date', {})").format(text(p["trait"]), self._value(p, r))

    def already(self, p: Params, r: Reading) -> Composable:
        """A date is a state as long as its day lasts: last month's is nobody's reason any more."""
        return earlier_today(self.due(p, r), r)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return before_or_after(p.get("offset"), language, p["trait"])

    @staticmethod
    def _value(p: Params, r: Reading) -> Composable:
        return SQL("({} -> {})").format(r.traits, text(p["trait"]))
