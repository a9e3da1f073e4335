"""What a confirmation is asked with, until somebody writes it otherwise: an e-mail and an SMS, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    key: str
    title: str
    languages: Mapping[str, Any]


_MAIL_FA = (
    "<p>سلام!</p><p>با این نشانی برای دریافت پیام‌های {{ workspace.name }} درخواست داده شده است. اگر خودتان بوده‌اید، تأیید کنید:</p>"
    '<p><a href="{{ confirm_url }}">تأیید می‌کنم</a></p><p>این پیوند هفت روز معتبر است. اگر شما نبوده‌اید، کاری نکنید؛ دیگر پیامی نمی‌فرستیم.</p>'
)
_MAIL_EN = (
    "<p>Hello!</p><p>Somebody asked for messages from {{ workspace.name }} to this address. If it was you, please confirm:</p>"
    '<p><a href="{{ confirm_url }}">Yes, it was me</a></p><p>The link is good for seven days. If it was not you, do nothing: we will not write again.</p>'
)
TEMPLATES: Mapping[str, Text] = {
    "email": Text(
        "confirm-email",
        "تأیید عضویت · Confirm a sign-up",
        {
            "fa": {"subject": "عضویت خود را در {{ workspace.name }} تأیید کنید", "html": _MAIL_FA, "text": ""},
            "en": {"subject": "Please confirm: messages from {{ workspace.name }}", "html": _MAIL_EN, "text": ""},
        },
    ),
    "sms": Text(
        "confirm-sms",
        "تأیید عضویت با پیامک · Confirm a sign-up by SMS",
        {
            "fa": {"text": "برای دریافت پیام‌های {{ workspace.name }} تأیید کنید:\n{{ confirm_url }}"},
            "en": {"text": "Confirm messages from {{ workspace.name }}:\n{{ confirm_url }}"},
        },
    ),
}
