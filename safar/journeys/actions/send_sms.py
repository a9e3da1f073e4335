"""Sends a text message made from a template."""

from __future__ import annotations

from safar.journeys.sending import Send, message_parameters


class SendSms(Send):
    key = "send_sms"
    icon = "message"
    channel = "sms"
    label = {"en": "Send an SMS", "fa": "ارسال پیامک"}
    help = {
        "en": "Puts an SMS into the outbox. Consent, suppression, cap and number are looked at when it goes out.",
        "fa": "پیامکی در صف ارسال می‌گذارد. رضایت، فهرست عدم ارسال، سقف پیام و شماره هنگام تحویل بررسی می‌شوند.",
    }
    parameters = message_parameters("پیامک")
    example = {
        "variants": {
            "short": {"template": "ten-per-cent", "share": 50},
            "warm": {"template": "we-miss-you", "share": 50},
        },
        "metric": "goal",
    }
