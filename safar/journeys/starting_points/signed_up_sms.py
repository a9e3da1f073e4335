"""Somebody has agreed to get SMS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.consenting import SignedUp
from safar.journeys.words import choose


class SignedUpSms(SignedUp):
    key = "signed_up_sms"
    icon = "device-mobile-message"
    channel = "sms"
    label = {"en": "Signed up for SMS", "fa": "عضویت در خبرنامهٔ پیامکی"}
    help = {
        "en": "The consent to SMS has become “given”: by a form, at the checkout, by a keyword or by hand.",
        "fa": "رضایت دریافت پیامک «داده‌شده» شد: با فرم، هنگام تسویه‌حساب، با کلیدواژه یا دستی.",
    }

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return choose(language, "signed up for SMS", "عضو پیامک شد")
