"""Twilio SendGrid (https://www.twilio.com/docs/sendgrid/api-reference/mail-send)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from safar.channels.fields import Field
from safar.channels.mail.service import MailService
from safar.channels.services.api import Registered, ServiceApi, rows_of, text_of
from safar.lib.calls import Caller


class SendGrid(MailService):
    key = "sendgrid"
    label = {"en": "SendGrid", "fa": "SendGrid"}
    selectors = ("s1", "s2")
    backend = "anymail.backends.sendgrid.EmailBackend"
    webhook = "anymail.webhooks.sendgrid.SendGridTrackingWebhookView"
    reporting = {
        "en": "In SendGrid: Settings → Mail Settings → Event Webhook, with this address and the deliverability events; switch Signed Event Webhook on and fill in its key here.",
        "fa": "در SendGrid: ‏Settings ← Mail Settings ← Event Webhook، با این نشانی و رویدادهای رساندن؛ Signed Event Webhook را روشن کنید و کلیدش را همین‌جا پر کنید.",
    }
    registers = True
    registering = {
        "en": "“Mail Send” alone may not do this: the key needs “User Account: Event Notification” as well, for this moment alone if you like.",
        "fa": "«Mail Send» به‌تنهایی این کار را نمی‌تواند: کلید باید «Event Notification» هم داشته باشد، اگر خواستید تنها برای همین لحظه.",
    }
    base = "https://api.sendgrid.com/v3/"
    taken = (202,)  # without a body
    keeps_message_id = True
    rules = """
        account credit: errors.0.message ~ credits exceeded
        account login: status = 401
        account sender: status = 403 & errors.0.field ~ from
        account sender: status = 400 & errors.0.field ~ from
        account login: status = 403
        refused too_large: status = 413
        refused bad_address: status = 400 & errors.0.field ~ personalizations
        refused content: status = 400
    """
    fields = (
        Field(
            name="api_key",
            label={"en": "API key", "fa": "کلید API"},
            help={
                "en": "In SendGrid: Settings → API Keys; the permission Mail Send is enough.",
                "fa": "در SendGrid: ‏Settings ← API Keys؛ اجازهٔ Mail Send بس است.",
            },
            secret=True,
        ),
        Field(
            name="verification_key",
            label={"en": "Verification key of the event webhook", "fa": "کلید تأیید وب‌هوک"},
            help={
                "en": "Shown where Signed Event Webhook is switched on. Without it no reports are taken.",
                "fa": "آن‌جا که Signed Event Webhook روشن می‌شود نشان داده می‌شود. بدون آن گزارشی پذیرفته نمی‌شود.",
            },
            required=False,
        ),
    )

    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]:
        return {"api_key": settings["api_key"], "api_url": self.base}

    def proof(self, settings: Mapping[str, str]) -> dict[str, str] | None:
        key = settings["verification_key"]
        return {"tracking_webhook_verification_key": key} if key else None

    def register(self, caller: Caller, settings: Mapping[str, str], address: str) -> Registered:
        """https://www.twilio.com/docs/sendgrid/api-reference/webhooks. Signing is switched on, and its key kept."""
        api = ServiceApi(caller, self.base, {"Authorization": f"Bearer {settings['api_key']}"})
        hooks = "user/webhooks/event/settings"
        found = [one for one in rows_of(api.get(f"{hooks}/all"), "webhooks") if one.get("url") == address]
        if not found:
            events = dict.fromkeys(("delivered", "bounce", "dropped", "spam_report", "unsubscribe"), True)
            given = {"enabled": True, "url": address, "friendly_name": "Safar", **events}
            made = api.send("POST", hooks, given)
        number = quote(text_of(found[0] if found else made, "id"), safe="")
        told = api.send("PATCH", f"{hooks}/signed/{number}", {"enabled": True})
        return Registered(bool(found), {"verification_key": text_of(told, "public_key")})

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        return said.get("type") == "bounce"  # the other is "blocked"

    def is_machine(self, said: Mapping[str, Any]) -> bool:
        return said.get("sg_machine_open") is True
