"""Telegram."""

from __future__ import annotations

from safar.channels.notices.bots import Bot


class Telegram(Bot):
    key = "telegram"
    icon = "brand-telegram"
    label = {"en": "Telegram", "fa": "تلگرام"}
    help = {
        "en": "By a bot of yours: make one with @BotFather and put it into the group.",
        "fa": "با بات خودتان: آن را با ‎@BotFather بسازید و به گروه بیفزایید.",
    }
    base = "https://api.telegram.org"
