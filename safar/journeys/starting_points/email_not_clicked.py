"""An e-mail was sent and nothing in it was clicked in time."""

from __future__ import annotations

from safar.journeys.unanswered import Unanswered


class EmailNotClicked(Unanswered):
    key = "email_not_clicked"
    icon = "hand-click-off"
    label = {"en": "E-mail not clicked", "fa": "ایمیل بی‌کلیک"}
    help = {
        "en": "An e-mail was sent and nothing in it has been clicked by a person for this long. Once for each e-mail.",
        "fa": "ایمیلی فرستاده شد و این مدت کسی روی چیزی در آن کلیک نکرد. برای هر ایمیل یک بار.",
    }
    answer = "email_clicked"
    said = ("did not click in an e-mail for {}", "در ایمیلی {} کلیک نکرد")
