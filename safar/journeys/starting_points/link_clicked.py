"""The contact has clicked one of our links, wherever it stood."""

from __future__ import annotations

from safar.journeys.hearing import WHERE, Ask, Hearing, optional


class LinkClicked(Hearing):
    key = "link_clicked"
    icon = "link"
    label = {"en": "Link clicked", "fa": "کلیک روی پیوند"}
    help = {
        "en": "A link was clicked: in an e-mail, in an SMS, or on the website.",
        "fa": "روی پیوندی کلیک شد: در ایمیل، در پیامک یا در وب‌سایت.",
    }
    parameters = (
        optional(
            "url",
            "text",
            ("Link contains", "نشانی پیوند شامل"),
            ("A part of the link's address.", "بخشی از نشانی پیوند."),
        ),
        WHERE,
    )
    example = {"url": "/pricing"}
    names = ("email_clicked", "sms_clicked", "link_clicked")
    asks = {"url": Ask("url", "contains", "with {} in its address", "با {} در نشانی‌اش")}
    said = ("clicked a link", "روی پیوندی کلیک کرد")
