"""Which messages a starting point means: parameters that those about sent, opened and clicked messages share (docs/semantics.md 13)."""

from __future__ import annotations

from safar.journeys.hearing import Ask, optional

TEMPLATE = optional(
    "template",
    "template",
    ("Template", "قالب"),
    ("Only messages made from this template.", "فقط پیام‌هایی که از این قالب ساخته شده‌اند."),
)
JOURNEY = optional(
    "journey",
    "journey",
    ("Journey", "سفر"),
    ("Only messages that this journey has sent.", "فقط پیام‌هایی که این سفر فرستاده است."),
)
CHANNEL = optional(
    "channel",
    "text",
    ("Channel", "کانال"),
    ("Only messages of this channel, email or sms.", "فقط پیام‌های این کانال: email یا sms."),
    choices=("email", "sms"),
)
OF_MESSAGE = (TEMPLATE, JOURNEY)
ASKS = {
    "template": Ask("template", "is", "made from {}", "از قالب {}"),
    "journey": Ask("journey", "is", "sent by the journey {}", "از سفر {}"),
    "channel": Ask("channel", "is", "by {}", "از کانال {}"),
}
