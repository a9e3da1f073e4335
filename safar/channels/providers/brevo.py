"""Brevo, formerly Sendinblue (https://developers.brevo.com/reference/sendtransacemail). For some minutes it takes a message once for a key of ours."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from safar.channels.fields import Field
from safar.channels.mail.service import Finished, MailService
from safar.channels.provider import Parcel
from safar.channels.services.api import Registered, ServiceApi, rows_of
from safar.lib.calls import Caller


class Brevo(MailService):
    key = "brevo"
    label = {"en": "Brevo", "fa": "Brevo"}
    selectors = ("mail", "brevo1", "brevo2")
    backend = "anymail.backends.brevo.EmailBackend"
    webhook = "anymail.webhooks.brevo.BrevoTrackingWebhookView"
    reporting = {
        "en": "In Brevo: Transactional → Settings → Webhook, with this address; choose delivered, hard and soft bounce, blocked, invalid, complaint, unsubscribed.",
        "fa": "در Brevo: ‏Transactional ← Settings ← Webhook، با این نشانی؛ delivered، hard و soft bounce، blocked، invalid، complaint و unsubscribed را برگزینید.",
    }
    registers = True
    registering = {
        "en": "Every API key of Brevo may do this.",
        "fa": "هر کلید API در Brevo این کار را می‌تواند.",
    }
    base = "https://api.brevo.com/v3/"
    rules = """
        account address: status = 401 & message ~ IP address
        account login: status = 401 403
        account credit: code = not_enough_credits account_under_validation
        account sender: code = invalid_parameter & message ~ sender
        account sender: code = missing_parameter & message ~ sender
        refused bad_address: code = invalid_parameter & message ~ email is not valid
        refused too_large: status = 413
        refused content: code = invalid_parameter missing_parameter out_of_range
        account quota: code = too_many_requests
    """
    fields = (
        Field(
            name="api_key",
            label={"en": "API key", "fa": "کلید API"},
            help={
                "en": "In Brevo: SMTP & API → API keys; begins with `xkeysib-`. If Brevo allows known IP addresses only, add this server's.",
                "fa": "در Brevo: ‏SMTP & API ← API keys؛ با `xkeysib-` آغاز می‌شود. اگر Brevo تنها IPهای شناخته را می‌پذیرد، IP این سرور را بیفزایید.",
            },
            secret=True,
        ),
    )

    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]:
        return {"api_key": settings["api_key"], "api_url": self.base}

    def finish(self, message: Finished, parcel: Parcel) -> None:
        # A message in doubt that goes once more within its time is not sent twice; what it says to a repeat is not documented.
        message.extra_headers["idempotencyKey"] = str(uuid.uuid5(uuid.NAMESPACE_URL, parcel.message_id))

    def register(self, caller: Caller, settings: Mapping[str, str], address: str) -> Registered:
        """https://developers.brevo.com/reference/create-webhook. Where there is none, its list is 404."""
        api = ServiceApi(caller, self.base, {"api-key": settings["api_key"]})
        if any(one.get("url") == address for one in rows_of(api.get("webhooks?type=transactional"), "webhooks")):
            return Registered(already=True)
        events = ["delivered", "hardBounce", "softBounce", "blocked", "invalid", "spam", "unsubscribed"]
        given = {"type": "transactional", "url": address, "description": "Safar", "events": events}
        api.send("POST", "webhooks", given)
        return Registered()

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        return said.get("event") in ("hard_bounce", "invalid_email")

    def is_machine(self, said: Mapping[str, Any]) -> bool:
        return said.get("event") in ("proxy_open", "unique_proxy_open")
