"""Calls another system about the contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from safar.channels.webhooks.writing import MOST_HEADERS, NAME, is_ours
from safar.journeys.hearing import optional
from safar.journeys.kinds import Action, Parameter, Params, Queue
from safar.journeys.words import choose, quoted, short
from safar.lib.faults import Faults, said

LONGEST_URL = 2_000


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
    )
    example = {"url": "https://crm.example/leads", "body": {"phone": "{{ contact.phone }}", "source": "shop"}}

    def check(self, p: Params, faults: Faults) -> None:
        self._check_url(p["url"], faults.at("url"))
        headers = p.get("headers", {})
        if len(headers) > MOST_HEADERS:
            faults.at("headers").add(said("there may be at most %(most)s headers", most=MOST_HEADERS))
        for name, value in headers.items():
            if not NAME.fullmatch(name) or is_ours(name):
                faults.at("headers", name).add(said("this header cannot be set"))
            elif not isinstance(value, str) or "\n" in value or "\r" in value:
                faults.at("headers", name).add(said("must be text on one line"))

    @staticmethod
    def _check_url(url: str, faults: Faults) -> None:
        try:
            parts = urlsplit(url)
            right = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            right = False
        if not right or parts.username or not url.isascii() or any(letter <= " " for letter in url):
            faults.add(said("must be an address such as https://crm.example/leads"))
        elif len(url) > LONGEST_URL:
            faults.add(said("must not be longer than %(limit)s characters", limit=LONGEST_URL))

    def effect(self, p: Params) -> Queue:
        """effect: {url, class, body?, headers?, keep_answer?}."""
        names = ("body", "headers", "keep_answer")
        return Queue("webhook", {"url": p["url"], "class": "webhook", **{name: p[name] for name in names if name in p}})

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        where = quoted(short(str(p["url"]).partition("//")[2], 40), language)
        return choose(language, f"calls {where}", f"{where} را فرامی‌خواند")
