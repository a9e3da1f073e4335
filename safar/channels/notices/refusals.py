"""Why a destination is refused, and what mends it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

REFUSALS: Mapping[str, Mapping[str, str]] = {
    "login": {
        "en": "the token or address is not valid any more. Make a new one in the service and put it here.",
        "fa": "توکن یا نشانی دیگر معتبر نیست. در همان سرویس یکی تازه بسازید و اینجا بگذارید.",
    },
    "chat": {
        "en": "there is no such chat, or we were put out of it. Put the bot or app back, or give another chat.",
        "fa": "چنین گفت‌وگویی نیست، یا از آن بیرون گذاشته شده‌ایم. بات یا app را دوباره بیفزایید یا گفت‌وگوی دیگری بدهید.",
    },
    "quota": {
        "en": "too many messages in a short time. Wait a little.",
        "fa": "پیام‌ها در زمانی کوتاه زیاد بوده است. کمی صبر کنید.",
    },
    "unreachable": {
        "en": "the service cannot be reached from this server. In some countries Telegram is barred.",
        "fa": "سرویس از این سرور در دسترس نیست. تلگرام در برخی کشورها مسدود است.",
    },
    "tls": {
        "en": "no encrypted connection to the service comes about.",
        "fa": "اتصال رمزگذاری‌شده به سرویس برقرار نمی‌شود.",
    },
    "service_down": {"en": "the service is out of order for now.", "fa": "سرویس فعلاً از کار افتاده است."},
    "settings": {
        "en": "what is set for it is not enough, or is wrong.",
        "fa": "آنچه برای آن تنظیم شده کافی یا درست نیست.",
    },
}


def refusal_words(reason: str) -> Mapping[str, str]:
    return REFUSALS.get(reason, REFUSALS["settings"])
