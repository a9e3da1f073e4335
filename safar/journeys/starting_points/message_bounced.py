"""A message could not be delivered."""

from __future__ import annotations

from safar.journeys.answering import ASKS, CHANNEL, OF_MESSAGE
from safar.journeys.hearing import Hearing


class MessageBounced(Hearing):
    key = "message_bounced"
    icon = "mail-x"
    label = {"en": "Message bounced", "fa": "برگشت پیام"}
    help = {
        "en": "A message has come back: the address or number takes none. Of one template, journey or channel, if you like.",
        "fa": "پیامی برگشت خورد: نشانی یا شماره آن را نپذیرفت. اگر بخواهید فقط یک قالب، سفر یا کانال.",
    }
    parameters = (*OF_MESSAGE, CHANNEL)
    example = {"channel": "email"}
    names = ("message_bounced",)
    asks = ASKS
    said = ("a message bounced", "پیامی برگشت خورد")
