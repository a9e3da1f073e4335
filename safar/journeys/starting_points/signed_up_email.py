"""Somebody has agreed to get e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.consenting import SignedUp
from safar.journeys.words import choose


class SignedUpEmail(SignedUp):
    key = "signed_up_email"
    icon = "mail-check"
    channel = "email"
    label = {"en": "Signed up for e-mail", "fa": "عضویت در خبرنامهٔ ایمیلی"}
    help = {
        "en": "The consent to e-mail has become “given”; where sign-ups must be confirmed, at the confirmation.",
        "fa": "رضایت دریافت ایمیل «داده‌شده» شد، از هر راهی که باشد. اگر عضویت باید تأیید شود، هنگام تأیید.",
    }

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return choose(language, "signed up for e-mail", "عضو ایمیل شد")
