"""Sends an e-mail made from a template."""

from __future__ import annotations

from safar.journeys.sending import Send, message_parameters


class SendEmail(Send):
    key = "send_email"
    icon = "mail"
    channel = "email"
    label = {"en": "Send an e-mail", "fa": "ارسال ایمیل"}
    help = {
        "en": "Puts an e-mail into the outbox. Consent, suppression, cap and address are looked at when it goes out.",
        "fa": "ایمیلی در صف ارسال می‌گذارد. رضایت، فهرست عدم ارسال، سقف پیام و نشانی هنگام تحویل بررسی می‌شوند.",
    }
    parameters = message_parameters("ایمیل")
    example = {"template": "welcome-1", "not_after": "P1D"}
