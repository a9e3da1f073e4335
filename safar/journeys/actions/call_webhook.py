"""Calls another system about the contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from safar.channels.webhooks.addresses import check_url, queue_of
from safar.channels.webhooks.writing import MOST_HEADERS, NAME, is_ours
from safar.journeys.hearing import optional
from safar.journeys.kinds import Action, Parameter, Params, Queue
from safar.journeys.words import choose, quoted, short
from safar.lib.faults import Faults, said

LONGEST_WAIT = timedelta(seconds=30)


class CallWebhook(Action):
    key = "call_webhook"
    icon = "webhook"
    label = {"en": "Call a webhook", "fa": "فراخوانی وب‌هوک"}
    help = {
        "en": "Sends what is known of the contact to an address of another system, signed, and again if it does not answer.",
        "fa": "آنچه از مخاطب می‌دانیم با امضا به نشانی سامانه‌ای دیگر می‌فرستد و اگر پاسخ ندهد دوباره می‌کوشد.",
    }
    parameters = (
        Parameter(
            "url",
            "text",
            {"en": "Address", "fa": "نشانی"},
            {
                "en": "Begins with https:// and lies on the open Internet.",
                "fa": "با https:// آغاز می‌شود و در اینترنت است.",
            },
        ),
        optional(
            "body",
            "values",
            ("Body", "بدنه"),
            (
                "Name → value, sent as JSON; {{ contact.… }} and {{ entry.… }} in texts. If left out: contact, entry, journey.",
                "نام ← مقدار، به‌صورت JSON؛ در متن‌ها {{ contact.… }} و {{ entry.… }}. اگر نیاید: مخاطب، ورود و سفر.",
            ),
        ),
        optional(
            "headers",
            "values",
            ("Headers", "سرآیندها"),
            ("Name → text, such as Authorization.", "نام ← متن، مانند Authorization."),
        ),
        optional(
            "keep_answer",
            "boolean",
            ("Keep the answer", "نگه‌داشتن پاسخ"),
            (
                "As the event webhook_answered of the contact, which a wait can wait for.",
                "به‌صورت رویداد webhook_answered مخاطب، که انتظار می‌تواند منتظرش بماند.",
            ),
        ),
        optional(
            "timeout",
            "duration",
            ("Longest wait", "بیشترین صبر"),
            (
                "For a whole answer, such as PT5S; 30 seconds at most, 15 if left out. Then it is tried again later.",
                "برای پاسخ کامل، مانند PT5S؛ حداکثر ۳۰ ثانیه و اگر نیاید ۱۵ ثانیه. سپس بعداً دوباره کوشش می‌شود.",
            ),
        ),
    )
    example = {"url": "https://crm.example/leads", "body": {"phone": "{{ contact.phone }}", "source": "shop"}}

    def check(self, p: Params, faults: Faults) -> None:
        check_url(p["url"], faults.at("url"))
        timeout = p.get("timeout")
        if timeout is not None and (timeout.calendar_part or not timedelta(seconds=1) <= timeout.exact <= LONGEST_WAIT):
            faults.at("timeout").add(said("must be from one second to %(most)s seconds", most=LONGEST_WAIT.seconds))
        headers = p.get("headers", {})
        if len(headers) > MOST_HEADERS:
            faults.at("headers").add(said("there may be at most %(most)s headers", most=MOST_HEADERS))
        for name, value in headers.items():
            if not NAME.fullmatch(name) or is_ours(name):
                faults.at("headers", name).add(said("this header cannot be set"))
            elif not isinstance(value, str) or "\n" in value or "\r" in value:
                faults.at("headers", name).add(said("must be text on one line"))

    def effect(self, p: Params) -> Queue:
        """effect: {channel, url, class, body?, headers?, keep_answer?, seconds?}."""
        words = {"channel": queue_of(p["url"]), "url": p["url"], "class": "webhook"}
        words |= {name: p[name] for name in ("body", "headers", "keep_answer") if name in p}
        if "timeout" in p:
            words["seconds"] = p["timeout"].exact.total_seconds()
        return Queue("webhook", words)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        where = quoted(short(str(p["url"]).partition("//")[2], 40), language)
        return choose(language, f"calls {where}", f"{where} را فرامی‌خواند")
