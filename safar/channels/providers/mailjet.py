"""Mailjet (https://dev.mailjet.com/email/reference/send-emails/)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from safar.channels.fields import Field
from safar.channels.mail.service import MailService
from safar.channels.services.api import TAKEN, NotRegistered, Registered, ServiceApi, rows_of
from safar.lib.calls import Caller

_EVENTS = ("sent", "bounce", "blocked", "spam", "unsub")


class Mailjet(MailService):
    key = "mailjet"
    label = {"en": "Mailjet", "fa": "Mailjet"}
    spf = "spf.mailjet.com"
    selectors = ("mailjet",)
    backend = "anymail.backends.mailjet.EmailBackend"
    webhook = "anymail.webhooks.mailjet.MailjetTrackingWebhookView"
    reporting = {
        "en": "In Mailjet: Account → Event notifications, this address for sent, bounce, blocked, spam, unsub.",
        "fa": "در Mailjet: ‏Account ← Event notifications، این نشانی برای sent، bounce، blocked، spam و unsub.",
    }
    registers = True
    registering = {
        "en": "The two keys may do this.",
        "fa": "همین دو کلید این کار را می‌توانند.",
    }
    base = "https://api.mailjet.com/v3.1/"
    rules = """
        account login: status = 401 403
        account sender: Messages.0.Errors.0.ErrorCode = send-0008
        account sender: Messages.0.Errors.0.ErrorRelatedTo.0 ~ From
        refused bad_address: Messages.0.Errors.0.ErrorCode = mj-0013
        refused bad_address: Messages.0.Errors.0.ErrorRelatedTo.0 ~ To
        refused too_large: status = 413
        refused content: Messages.0.Status = error
    """
    fields = (
        Field(name="api_key", label={"en": "API key", "fa": "کلید API"}, longest=64),
        Field(name="secret_key", label={"en": "Secret key", "fa": "کلید محرمانه (Secret key)"}, secret=True),
    )

    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]:
        return {"api_key": settings["api_key"], "secret_key": settings["secret_key"], "api_url": self.base}

    def register(self, caller: Caller, settings: Mapping[str, str], address: str) -> Registered:
        """https://dev.mailjet.com/email/reference/webhook/. Each kind of event has one address: another's is not taken away."""
        login = base64.b64encode(f"{settings['api_key']}:{settings['secret_key']}".encode()).decode()
        api = ServiceApi(caller, self.base.replace("/v3.1/", "/v3/REST/"), {"Authorization": f"Basic {login}"})
        known = {one.get("EventType"): one.get("Url") for one in rows_of(api.get("eventcallbackurl"), "Data")}
        if other := [kind for kind in _EVENTS if known.get(kind) not in (None, address)]:
            raise NotRegistered(TAKEN, ", ".join(other))
        missing = [kind for kind in _EVENTS if kind not in known]
        for kind in missing:
            api.send("POST", "eventcallbackurl", {"EventType": kind, "Url": address, "Version": 2, "Status": "alive"})
        return Registered(already=not missing)

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        return said.get("hard_bounce") in (True, 1, "1", "true")
