"""The contact has opened an e-mail."""

from __future__ import annotations

from safar.journeys.answering import ASKS, OF_MESSAGE
from safar.journeys.hearing import Hearing


class EmailOpened(Hearing):
    key = "email_opened"
    icon = "mail-opened"
    label = {"en": "E-mail opened", "fa": "باز کردن ایمیل"}
    help = {
        "en": "An e-mail was opened by a person, each time. Scanners and proxies that open for themselves do not count.",
        "fa": "مخاطب ایمیلی را باز کرد؛ هر بار شمرده می‌شود. بازکردن ماشینی به شمار نمی‌آید.",
    }
    parameters = OF_MESSAGE
    example = {"template": "welcome-1"}
    names = ("email_opened",)
    asks = {name: ASKS[name] for name in ("template", "journey")}
    said = ("opened an e-mail", "ایمیلی را باز کرد")
