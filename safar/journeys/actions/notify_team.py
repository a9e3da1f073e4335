"""Tells the team about a contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import Action, Parameter, Params, Queue
from safar.journeys.words import choose, quoted, short


class NotifyTeam(Action):
    key = "notify_team"
    icon = "bell-ringing"
    label = {"en": "Notify the team", "fa": "خبر به همکاران"}
    help = {
        "en": "Tells the team about the contact, so that somebody can call or help. What comes within minutes is told together.",
        "fa": "دربارهٔ مخاطب به همکاران خبر می‌دهد تا کسی تماس بگیرد یا کمک کند. خبرهای چند دقیقه یک‌جا گفته می‌شود.",
    }
    parameters = (
        Parameter(
            "text",
            "text",
            {"en": "Text", "fa": "متن"},
            {
                "en": "What to say; {{ entry }} and {{ contact }} stand for what is known.",
                "fa": "متن خبر؛ {{ entry }} و {{ contact }} جای دانسته‌ها را می‌گیرند.",
            },
        ),
        Parameter(
            "to",
            "destination",
            {"en": "To", "fa": "به"},
            {
                "en": "The name of a destination (Settings → Notices), or an e-mail address; everywhere the team hears if left out.",
                "fa": "نام یک مقصد خبر («تنظیمات ← خبرها») یا یک نشانی ایمیل؛ اگر نیاید هر جا که همکاران خبر می‌گیرند.",
            },
            required=False,
        ),
    )
    example = {"text": "{{ contact.name }} left a large cart: please call."}

    def effect(self, p: Params) -> Queue:
        """effect: {text, to?}."""
        return Queue("notice", {name: p[name] for name in ("text", "to") if name in p})

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        said = quoted(short(p["text"], 40), language)
        if to := p.get("to"):
            whom = quoted(short(to, 30), language)
            return choose(language, f"tells {whom}: {said}", f"به {whom} می‌گوید: {said}")
        return choose(language, f"tells the team {said}", f"به همکاران می‌گوید {said}")
