"""Somebody does not want our messages any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.consenting import became
from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose
from safar.segments.reading import Reading

CHANNELS = ("email", "sms")
LEFT_ALL = "topics_left"  # contacts/apply/topics_left.sql


class Unsubscribed(EventStart):
    key = "unsubscribed"
    icon = "mail-off"
    label = {"en": "Unsubscribed", "fa": "لغو عضویت"}
    help = {
        "en": "The consent to a channel was withdrawn, or every topic left. Only transactional messages reach them now.",
        "fa": "رضایت یک کانال پس گرفته شد، یا همهٔ موضوع‌ها ترک شدند. از این پس فقط پیام‌های تراکنشی به او می‌رسد.",
    }
    parameters = (
        Parameter(
            "channel",
            "text",
            {"en": "Channel", "fa": "کانال"},
            {
                "en": "Only of this channel; if left out, any of them, or every topic.",
                "fa": "فقط همین کانال؛ اگر نیاید هر کانالی، یا ترک همهٔ موضوع‌ها.",
            },
            required=False,
            choices=CHANNELS,
        ),
    )
    example = {"channel": "email"}

    def sets_off(self, p: Params) -> frozenset[str]:
        if "channel" in p:
            return frozenset({f"consent:{p['channel']}"})
        return frozenset({*(f"consent:{channel}" for channel in CHANNELS), LEFT_ALL})

    def matches(self, p: Params, r: Reading) -> Composable:
        if "channel" in p:
            return became(p["channel"], "withdrawn")
        ways = [became(channel, "withdrawn") for channel in CHANNELS]
        return SQL("({})").format(SQL(" OR ").join([*ways, SQL("t.tokens && ARRAY['topics_left']")]))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        said = {
            "email": ("unsubscribed from e-mail", "عضویت ایمیل را لغو کرد"),
            "sms": ("unsubscribed from SMS", "عضویت پیامک را لغو کرد"),
        }
        return choose(language, *said.get(p.get("channel") or "", ("unsubscribed", "عضویت را لغو کرد")))
