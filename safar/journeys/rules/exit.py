"""Leaves the journey, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import End, Parameter, Params
from safar.journeys.words import choose


class Exit(End):
    key = "exit"
    icon = "door-exit"
    label = {"en": "Exit", "fa": "خروج"}
    help = {
        "en": "The contact leaves the journey here. Counted as left, with the reason.",
        "fa": "مخاطب اینجا از سفر بیرون می‌رود و با همین دلیل شمرده می‌شود.",
    }
    parameters = (
        Parameter(
            "reason",
            "text",
            {"en": "Reason", "fa": "دلیل"},
            {"en": "Shown in the figures; “exit” if left out.", "fa": "در آمار دیده می‌شود؛ اگر نیاید «exit»."},
            required=False,
            default="exit",
        ),
    )
    example = {"reason": "not interested"}

    def reason(self, p: Params) -> str:
        reason: str = p.get("reason", "exit")
        return reason

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        reason = p.get("reason")
        if reason is None:
            return choose(language, "leaves the journey", "از سفر بیرون می‌رود")
        return choose(language, f"leaves: {reason}", f"بیرون می‌رود: {reason}")
