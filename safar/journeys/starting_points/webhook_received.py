"""Another system has called our webhook about the contact."""

from __future__ import annotations

from safar.journeys.hearing import WHERE, Ask, Hearing, optional


class WebhookReceived(Hearing):
    key = "webhook_received"
    icon = "webhook"
    label = {"en": "Webhook received", "fa": "دریافت وب‌هوک"}
    help = {
        "en": "Another system has told Safar something about the contact. What it sent comes along.",
        "fa": "سامانه‌ای دیگر دربارهٔ مخاطب به سفر خبری داده است. آنچه فرستاده همراه مخاطب می‌آید.",
    }
    parameters = (
        optional(
            "hook",
            "hook",
            ("Hook", "وب‌هوک"),
            (
                "One of Settings → Webhooks, or the name that a program sends.",
                "یکی از «تنظیمات ← وب‌هوک‌ها»، یا نامی که برنامه‌ای می‌فرستد.",
            ),
        ),
        WHERE,
    )
    example = {"hook": "survey-tool"}
    names = ("webhook_received",)
    asks = {"hook": Ask("hook", "is", "{}", "{}")}
    said = ("another system called", "سامانه‌ای دیگر خبر داد")
