"""An e-mail was sent and not opened in time."""

from __future__ import annotations

from safar.journeys.unanswered import Unanswered


class EmailNotOpened(Unanswered):
    key = "email_not_opened"
    icon = "mail-question"
    label = {"en": "E-mail not opened", "fa": "ایمیل بازنشده"}
    help = {
        "en": "An e-mail was sent and has not been opened by a person for this long. Once for each e-mail.",
        "fa": "ایمیلی فرستاده شد و این مدت کسی آن را باز نکرد. برای هر ایمیل یک بار.",
    }
    answer = "email_opened"
    said = ("did not open an e-mail for {}", "ایمیلی را {} باز نکرد")
