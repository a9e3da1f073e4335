"""Stands until something happens, at most so long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.sql import Composable

from safar.journeys.expressions import add
from safar.journeys.kinds import Awaited, Parameter, Params, Park
from safar.journeys.saying import say_condition, say_event
from safar.journeys.words import choose, listed, say_duration
from safar.segments.reading import Reading


class Wait(Park):
    key = "wait"
    icon = "hourglass"
    label = {"en": "Wait", "fa": "انتظار"}
    help = {
        "en": "Waits for an event, for one of several, or until a condition is true; “timed_out” when time is over.",
        "fa": "منتظر یک رویداد، یکی از چند رویداد یا برقراری یک شرط می‌ماند؛ با پایان مهلت از مسیر «timed_out» می‌رود.",
    }
    parameters = (
        Parameter(
            "for",
            "awaited",
            {"en": "For", "fa": "برای"},
            {
                "en": "An event that happens after the arrival ({event, where}, {any_event: [...]}), or any condition.",
                "fa": "رویدادی که پس از رسیدن رخ دهد ({event, where} یا {any_event: [...]})، یا هر شرطی.",
            },
        ),
        Parameter(
            "at_most",
            "duration",
            {"en": "At most", "fa": "حداکثر"},
            {"en": "How long to wait, such as P7D.", "fa": "مهلت انتظار، مانند P7D."},
        ),
    )
    example = {"for": {"event": "Order Completed"}, "at_most": "P7D"}
    passed_goes_on = False

    def paths(self, p: Params) -> Sequence[str]:
        return ("happened", "timed_out")

    def stands(self, p: Params) -> bool:
        """An event counts after the arrival only; a condition may be true on arrival."""
        return self.awaits(p).condition is None

    def passes(self, p: Params, r: Reading) -> Composable | None:
        condition = self.awaits(p).condition
        return None if condition is None else condition.holds(r)

    def wake_at(self, p: Params, r: Reading) -> Composable:
        return add(r.at, p["at_most"], r)

    def awaits(self, p: Params) -> Awaited:
        awaited: Awaited = p["for"]
        return awaited

    def due_path(self, p: Params) -> str:
        return "timed_out"

    def woken_path(self, p: Params) -> str:
        return "happened"

    def uses(self, p: Params) -> frozenset[str]:
        awaited = self.awaits(p)
        if awaited.condition is not None:
            return awaited.condition.uses()
        return frozenset().union(*(where.uses() for _, where in awaited.events if where is not None))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        awaited, at_most = p["for"], say_duration(p["at_most"], language)
        if "any_event" in awaited:
            said = listed([say_event(each, language) for each in awaited["any_event"]], language, last="or")
        elif awaited.keys() <= {"event", "where"}:
            said = say_event(awaited, language)
        else:
            said = say_condition(awaited, language)
            return choose(language, f"waits until: {said}, at most {at_most}", f"تا {at_most} منتظر می‌ماند تا: {said}")
        return choose(language, f"waits for {said}, at most {at_most}", f"تا {at_most} منتظر {said} می‌ماند")
