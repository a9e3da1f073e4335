"""Somebody has agreed to get e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Params
from safar.journeys.words import choose
from safar.segments.reading import Reading


class SignedUpEmail(EventStart):
    key = "signed_up_email"
    icon = "mail-check"
    label = {"en": "Signed up for e-mail", "fa": "عضویت در خبرنامهٔ ایمیلی"}
    help = {
        "en": "The consent to e-mail has become “given”; where sign-ups must be confirmed, at the confirmation.",
        "fa": "رضایت دریافت ایمیل «داده‌شده» شد، از هر راهی که باشد. اگر عضویت باید تأیید شود، هنگام تأیید.",
    }

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"consent:email"})

    def matches(self, p: Params, r: Reading) -> Composable:
        return SQL("coalesce(t.consent_changed ->> 'email' = 'given', false)")

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return choose(language, "signed up for e-mail", "عضو ایمیل شد")
