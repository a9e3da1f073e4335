"""Resend (https://resend.com/docs/api-reference/emails/send-email). It knows a message again for 24 hours by a key of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from safar.channels.fields import Field
from safar.channels.mail.events import MailEvent
from safar.channels.mail.service import MailLine, MailService
from safar.channels.mail.signed_calls import check_signed
from safar.channels.provider import Line, Own, Parcel
from safar.channels.services.api import Registered, ServiceApi, rows_of, text_of
from safar.channels.settings import Sending
from safar.lib.calls import Call, Caller


class ResendLine(MailLine):
    def call_for(self, payload: Any, parcel: Parcel) -> Call:
        call = super().call_for(payload, parcel)
        return Call(
            call.method, call.url, {**call.headers, "Idempotency-Key": parcel.message_id.strip("<>")}, call.body
        )


class Resend(MailService):
    key = "resend"
    label = {"en": "Resend", "fa": "Resend"}
    selectors = ("resend",)
    backend = "anymail.backends.resend.EmailBackend"
    webhook = "anymail.webhooks.resend.ResendTrackingWebhookView"
    reporting = {
        "en": "In Resend: Webhooks → Add, with this address and the events delivered, bounced, complained. Then fill in its signing secret here.",
        "fa": "در Resend: ‏Webhooks ← Add، با این نشانی و رویدادهای delivered، bounced و complained. سپس رمز امضای آن را همین‌جا پر کنید.",
    }
    registers = True
    registering = {
        "en": "A key with “Sending access” may not do this: it takes one with “Full access”, for this moment alone if you like.",
        "fa": "کلیدی با «Sending access» این کار را نمی‌تواند: کلیدی با «Full access» لازم است، اگر خواستید تنها برای همین لحظه.",
    }
    base = "https://api.resend.com/"
    knows_again = True
    # https://resend.com/docs/api-reference/errors
    rules = """
        account login: name = missing_api_key invalid_api_key restricted_api_key
        account quota: name = rate_limit_exceeded daily_quota_exceeded monthly_quota_exceeded
        account sender: name = invalid_from_address
        account sender: name = validation_error & message ~ domain is not verified
        account sender: name = validation_error & message ~ `from` field
        account sender: name = validation_error & message ~ only send testing emails
        refused bad_address: name = validation_error & message ~ `to` field
        refused bad_address: name = invalid_to_address
        refused content: name = validation_error invalid_attachment missing_required_field
        not_now: name = concurrent_idempotent_requests application_error internal_server_error
    """
    fields = (
        Field(
            name="api_key",
            label={"en": "API key", "fa": "کلید API"},
            help={
                "en": "In Resend: API Keys; “Sending access” is enough.",
                "fa": "در Resend: ‏API Keys؛ دسترسی «Sending access» بس است.",
            },
            secret=True,
        ),
        Field(
            name="signing_secret",
            label={"en": "Signing secret of the webhook", "fa": "رمز امضای وب‌هوک"},
            help={
                "en": "Begins with `whsec_`; shown when the webhook is made. Without it no reports are taken.",
                "fa": "با `whsec_` آغاز می‌شود؛ هنگام ساختن وب‌هوک نشان داده می‌شود. بدون آن گزارشی پذیرفته نمی‌شود.",
            },
            secret=True,
            required=False,
        ),
    )

    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]:
        return {"api_key": settings["api_key"], "api_url": self.base}

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        return ResendLine(self, settings)

    def register(self, caller: Caller, settings: Mapping[str, str], address: str) -> Registered:
        """https://resend.com/docs/api-reference/webhooks/create-webhook. It tells the signing secret, also of one that is there."""
        api = ServiceApi(caller, self.base, {"Authorization": f"Bearer {settings['api_key']}"})
        found = [one for one in rows_of(api.get("webhooks"), "data") if one.get("endpoint") == address]
        if found:
            told = api.get(f"webhooks/{quote(text_of(found[0], 'id'), safe='')}")
        else:
            events = ["email.delivered", "email.bounced", "email.complained", "email.failed"]
            told = api.send("POST", "webhooks", {"endpoint": address, "events": events})
        return Registered(bool(found), {"signing_secret": text_of(told, "signing_secret")})

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        data = said.get("data")
        bounce = data.get("bounce") if isinstance(data, Mapping) else None
        return isinstance(bounce, Mapping) and (
            bounce.get("type") == "Permanent" or "hard bounce" in str(bounce.get("message"))
        )

    def hear_events(self, settings: Mapping[str, str], request: HttpRequest) -> list[MailEvent]:
        """Signed by the rules of Standard Webhooks (https://www.standardwebhooks.com), as Svix does it for Resend."""
        check_signed(settings["signing_secret"], request)
        return super().hear_events(settings, request)
