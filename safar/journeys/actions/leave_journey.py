"""Takes the contact out of another journey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import Action, Parameter, Params, Take
from safar.journeys.words import choose, quoted


class LeaveJourney(Action):
    key = "leave_journey"
    icon = "logout"
    label = {"en": "Leave a journey", "fa": "خروج از سفری دیگر"}
    help = {
        "en": "Takes the contact out of another journey, wherever they stand in it. Counted there as left, leave_journey.",
        "fa": "مخاطب را از سفری دیگر بیرون می‌آورد، هرجای آن که باشد. آنجا میان خروج‌ها شمرده می‌شود (leave_journey).",
    }
    parameters = (
        Parameter(
            "journey",
            "journey",
            {"en": "Journey", "fa": "سفر"},
            {"en": "The key of the journey.", "fa": "کلید سفر."},
        ),
    )
    example = {"journey": "win-back"}

    def effect(self, p: Params) -> Take:
        return Take(p["journey"])

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        journey = quoted(p["journey"], language)
        return choose(language, f"takes out of the journey {journey}", f"از سفر {journey} بیرون می‌آورد")
