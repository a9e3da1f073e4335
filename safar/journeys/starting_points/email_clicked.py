"""The contact has clicked a link in an e-mail."""

from __future__ import annotations

from safar.journeys.answering import ASKS, OF_MESSAGE
from safar.journeys.hearing import Ask, Hearing, optional


class EmailClicked(Hearing):
    key = "email_clicked"
    icon = "click"
    label = {"en": "E-mail clicked", "fa": "کلیک در ایمیل"}
    help = {
        "en": "A link in an e-mail was clicked by a person: any, or those with this in their address.",
        "fa": "مخاطب روی پیوندی در ایمیل کلیک کرد: هر پیوندی، یا پیوندی که این بخش در نشانی‌اش هست.",
    }
    parameters = (
        *OF_MESSAGE,
        optional(
            "url",
            "text",
            ("Link contains", "نشانی پیوند شامل"),
            ("A part of the link's address.", "بخشی از نشانی پیوند."),
        ),
    )
    example = {"template": "welcome-1", "url": "/sale"}
    names = ("email_clicked",)
    asks = {
        **{name: ASKS[name] for name in ("template", "journey")},
        "url": Ask("url", "contains", "a link with {}", "پیوندی با {}"),
    }
    said = ("clicked in an e-mail", "در ایمیلی کلیک کرد")
