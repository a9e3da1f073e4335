"""A message has gone out to the contact."""

from __future__ import annotations

from safar.journeys.answering import ASKS, CHANNEL, OF_MESSAGE
from safar.journeys.hearing import Hearing


class MessageSent(Hearing):
    key = "message_sent"
    icon = "send"
    label = {"en": "Message sent", "fa": "ارسال پیام"}
    help = {
        "en": "A message has been handed over to the provider: any, of one template, journey or channel.",
        "fa": "پیامی به سرویس‌دهنده تحویل شد: هر پیامی، یا پیام یک قالب، یک سفر یا یک کانال.",
    }
    parameters = (*OF_MESSAGE, CHANNEL)
    example = {"template": "welcome-1"}
    names = ("message_sent",)
    asks = ASKS
    said = ("was sent a message", "پیامی برایش فرستاده شد")
