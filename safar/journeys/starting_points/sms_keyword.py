"""Somebody has sent us an SMS with a keyword."""

from __future__ import annotations

from safar.journeys.hearing import Ask, Hearing, optional
from safar.journeys.kinds import Parameter


class SmsKeyword(Hearing):
    key = "sms_keyword"
    icon = "message-reply"
    label = {"en": "SMS with a keyword", "fa": "پیامک با کلیدواژه"}
    help = {
        "en": "An SMS has come in whose first word is the keyword, on any line or on this one.",
        "fa": "پیامکی رسید که واژهٔ نخستش این کلیدواژه است؛ روی هر خطی، یا همین خط.",
    }
    parameters = (
        Parameter(
            "keyword",
            "text",
            {"en": "Keyword", "fa": "کلیدواژه"},
            {
                "en": "The word, in whatever digits and letters it is typed.",
                "fa": "واژه، با هر شکل رقم و حرف که نوشته شود.",
            },
        ),
        optional("line", "text", ("Line", "خط"), ("The number it was sent to.", "شماره‌ای که پیامک به آن فرستاده شده.")),
    )
    example = {"keyword": "12"}
    names = ("sms_received",)
    asks = {
        "keyword": Ask("keyword", "is", "{}", "{}"),
        "line": Ask("line", "is", "to the line {}", "به خط {}"),
    }
    said = ("sent an SMS with the keyword", "پیامکی فرستاد با کلیدواژهٔ")
