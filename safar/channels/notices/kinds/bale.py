"""Bale, a messenger of Iran with the API of Telegram."""

from __future__ import annotations

from safar.channels.notices.bots import Bot


class Bale(Bot):
    key = "bale"
    icon = "message-circle"
    label = {"en": "Bale", "fa": "بله"}
    help = {
        "en": "By a bot of yours: make one with @botfather in Bale and put it into the group.",
        "fa": "با بازوی خودتان: آن را در بله با ‎@botfather بسازید و به گروه بیفزایید.",
    }
    base = "https://tapi.bale.ai"
