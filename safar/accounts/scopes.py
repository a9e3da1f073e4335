"""What a secret key may be limited to. A key without scopes may everything; `x:write` includes `x:read`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

SEND = "events"  # what ingestion asks for (docs/http-api.md)

SCOPES: Mapping[str, Mapping[str, str]] = {
    SEND: {"en": "Send events", "fa": "فرستادن رویداد"},
    "events:read": {"en": "Read events", "fa": "خواندن رویدادها"},
    "journeys:read": {"en": "Read journeys and their figures", "fa": "خواندن سفرها و آمارشان"},
    "journeys:write": {"en": "Change, publish and pause journeys", "fa": "ویرایش، انتشار و توقف سفرها"},
    "contacts:read": {"en": "Read contacts", "fa": "خواندن مخاطبان"},
    "contacts:write": {"en": "Change contacts", "fa": "ویرایش مخاطبان"},
    "segments:read": {"en": "Read segments and their members", "fa": "خواندن بخش‌بندی‌ها و اعضایشان"},
    "segments:write": {"en": "Change segments", "fa": "ویرایش بخش‌بندی‌ها"},
    "messages:read": {"en": "Read messages", "fa": "خواندن پیام‌ها"},
    "templates:read": {"en": "Read templates", "fa": "خواندن قالب‌ها"},
    "templates:write": {"en": "Change templates", "fa": "ویرایش قالب‌ها"},
    "forms:read": {"en": "Read forms and their figures", "fa": "خواندن فرم‌ها و آمارشان"},
}


def allows(given: Collection[str], needed: str) -> bool:
    """Whether a secret key with these scopes may do what `needed` names."""
    room, _, what = needed.partition(":")
    return not given or needed in given or (what == "read" and f"{room}:write" in given)
