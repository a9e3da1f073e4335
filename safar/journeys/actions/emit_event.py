"""Makes an event of the contact, for other journeys, facts and segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.events.names import ENGINE_MADE, NOTE_ADDED
from safar.journeys.kinds import Action, Emit, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.lib.faults import Faults, said

INTERNAL = ENGINE_MADE | {"added_by_hand", NOTE_ADDED}


class EmitEvent(Action):
    key = "emit_event"
    icon = "broadcast"
    label = {"en": "Emit an event", "fa": "ثبت رویداد"}
    help = {
        "en": "Makes an event of this contact: it counts for facts and segments, and may start or move other journeys.",
        "fa": "برای مخاطب رویدادی ثبت می‌کند که در شاخص‌ها و سگمنت‌ها به شمار می‌آید و شاید سفرهای دیگر را به راه اندازد.",
    }
    parameters = (
        Parameter("event", "event", {"en": "Event", "fa": "رویداد"}, {"en": "The event's name.", "fa": "نام رویداد."}),
        Parameter(
            "properties",
            "values",
            {"en": "Properties", "fa": "ویژگی‌ها"},
            {"en": "Name → value.", "fa": "نام ← مقدار."},
            required=False,
        ),
    )
    example = {"event": "Welcome Finished", "properties": {"score": 5}}

    def check(self, p: Params, faults: Faults) -> None:
        if p["event"] in INTERNAL:
            faults.at("event").add(
                said("'%(event)s' is an event that only the engine makes; choose another name", event=p["event"])
            )

    def effect(self, p: Params) -> Emit:
        return Emit(p["event"], p.get("properties", {}))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        event = quoted(p["event"], language)
        return choose(language, f"emits the event {event}", f"رویداد {event} را ثبت می‌کند")
