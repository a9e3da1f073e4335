"""Sends the contact to another journey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import Action, Parameter, Params, Send
from safar.journeys.words import choose, quoted


class StartJourney(Action):
    key = "start_journey"
    icon = "arrow-fork"
    label = {"en": "Start a journey", "fa": "آغاز سفر"}
    help = {
        "en": "Sends the contact to another journey that has the starting point “From another journey”. Goes on here as well.",
        "fa": "مخاطب را به سفری می‌فرستد که نقطهٔ شروع «از سفری دیگر» دارد. همین سفر هم ادامه می‌یابد.",
    }
    parameters = (
        Parameter(
            "journey",
            "journey",
            {"en": "Journey", "fa": "سفر"},
            {"en": "The key of the journey.", "fa": "کلید سفر."},
        ),
    )
    example = {"journey": "welcome"}

    def effect(self, p: Params) -> Send:
        return Send(p["journey"])

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        journey = quoted(p["journey"], language)
        return choose(language, f"sends to the journey {journey}", f"به سفر {journey} می‌فرستد")
