"""Mailgun (https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from safar.channels.fields import Field
from safar.channels.mail.compose import is_domain
from safar.channels.mail.service import MailService
from safar.channels.services.api import REFUSED, NotRegistered, Registered, ServiceApi
from safar.lib.calls import Caller
from safar.lib.faults import Faults, said

_EVENTS = ("delivered", "permanent_fail", "temporary_fail", "complained", "unsubscribed")


def _addresses(found: Any) -> list[Any]:
    urls = found.get("urls") if isinstance(found, Mapping) else None
    return urls if isinstance(urls, list) else []


class Mailgun(MailService):
    key = "mailgun"
    label = {"en": "Mailgun", "fa": "Mailgun"}
    spf = "mailgun.org"
    selectors = ("mta", "smtp", "pic", "k1", "mailo", "mg", "email")
    backend = "anymail.backends.mailgun.EmailBackend"
    webhook = "anymail.webhooks.mailgun.MailgunTrackingWebhookView"
    reporting = {
        "en": "In Mailgun: Sending → Webhooks of the domain, this address for delivered, permanent and temporary failure, spam complaints, unsubscribes. The signing key has to be filled in here.",
        "fa": "در Mailgun: ‏Sending ← Webhooks همان دامنه، این نشانی برای delivered، permanent و temporary failure، spam complaints و unsubscribes. کلید امضا باید همین‌جا پر شده باشد.",
    }
    registers = True
    registering = {
        "en": "A sending key may not do this: it takes a key of the account (Settings → API security), for this moment alone if you like.",
        "fa": "کلید ارسال این کار را نمی‌تواند: کلید حساب لازم است (Settings ← API security)، اگر خواستید تنها برای همین لحظه.",
    }
    base = "https://api.mailgun.net/v3/"
    eu = "https://api.eu.mailgun.net/v3/"
    keeps_message_id = True
    rules = """
        account login: status = 401
        account credit: status = 402
        account credit: status = 403 & message ~ disabled
        account sender: status = 403
        account sender: status = 404
        account settings: text ~ Mailgun Magnificent API
        refused too_large: status = 413
        account sender: status = 400 & message ~ 'from' parameter
        refused bad_address: status = 400 & message ~ 'to' parameter
        refused content: status = 400
    """
    fields = (
        Field(
            name="api_key",
            label={"en": "API key", "fa": "کلید API"},
            help={
                "en": "A sending key of the domain is enough.",
                "fa": "کلید ارسال (Sending key) همان دامنه بس است.",
            },
            secret=True,
        ),
        Field(
            name="domain",
            label={"en": "Sending domain", "fa": "دامنهٔ ارسال"},
            help={"en": "Such as `mail.shop.example`.", "fa": "مانند `mail.shop.example`."},
            longest=253,
        ),
        Field(
            name="region",
            label={"en": "Where the account is", "fa": "محل حساب"},
            choices={
                "us": {"en": "United States", "fa": "ایالات متحده"},
                "eu": {"en": "European Union", "fa": "اتحادیهٔ اروپا"},
            },
            default="us",
        ),
        Field(
            name="signing_key",
            label={"en": "HTTP webhook signing key", "fa": "کلید امضای وب‌هوک"},
            help={
                "en": "In Mailgun: Settings → API security. Without it no reports are taken.",
                "fa": "در Mailgun: ‏Settings ← API security. بدون آن گزارشی پذیرفته نمی‌شود.",
            },
            secret=True,
            required=False,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not is_domain(settings["domain"]):
            faults.at("domain").add(said("has to be a domain, such as shop.example"))

    def url(self, settings: Mapping[str, str]) -> str:
        return self.eu if settings["region"] == "eu" else self.base

    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]:
        return {"api_key": settings["api_key"], "sender_domain": settings["domain"], "api_url": self.url(settings)}

    def proof(self, settings: Mapping[str, str]) -> dict[str, str] | None:
        return {"webhook_signing_key": settings["signing_key"]} if settings["signing_key"] else None

    def register(self, caller: Caller, settings: Mapping[str, str], address: str) -> Registered:
        """https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/domain-webhooks. Each kind of event has up to three addresses."""
        if not settings["signing_key"]:
            raise NotRegistered(REFUSED, "the signing key is missing")
        login = base64.b64encode(f"api:{settings['api_key']}".encode()).decode()
        api = ServiceApi(caller, self.url(settings), {"Authorization": f"Basic {login}"})
        found = api.get(f"domains/{settings['domain']}/webhooks")
        kept = found.get("webhooks") if isinstance(found, Mapping) else None
        known = kept if isinstance(kept, Mapping) else {}
        missing = [kind for kind in _EVENTS if address not in _addresses(known.get(kind))]
        if not missing:
            return Registered(already=True)
        newer = ServiceApi(caller, self.url(settings).replace("/v3/", "/v4/"), {"Authorization": f"Basic {login}"})
        given = [("url", address), *(("event_types", kind) for kind in missing)]
        newer.send_form("POST", f"domains/{settings['domain']}/webhooks", given)
        return Registered()

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        data = said.get("event-data")
        return isinstance(data, Mapping) and data.get("severity") == "permanent"

    def is_machine(self, said: Mapping[str, Any]) -> bool:
        data = said.get("event-data")
        client = data.get("client-info") if isinstance(data, Mapping) else None
        return isinstance(client, Mapping) and bool(client.get("bot"))
