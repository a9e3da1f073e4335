"""Postmark (https://postmarkapp.com/developer/api/email-api)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from safar.channels.fields import Field
from safar.channels.mail.service import Finished, MailService
from safar.channels.provider import Parcel
from safar.channels.services.api import Registered, ServiceApi, rows_of
from safar.lib.calls import Caller


class Postmark(MailService):
    key = "postmark"
    label = {"en": "Postmark", "fa": "Postmark"}
    selectors = ("pm",)
    backend = "anymail.backends.postmark.EmailBackend"
    webhook = "anymail.webhooks.postmark.PostmarkTrackingWebhookView"
    reporting = {
        "en": "In Postmark: the message stream → Webhooks, with this address; choose delivery, bounce, spam complaint, subscription change.",
        "fa": "در Postmark: جریان پیام ← Webhooks، با این نشانی؛ delivery، bounce، spam complaint و subscription change را برگزینید.",
    }
    registers = True
    registering = {
        "en": "The server's token may do this.",
        "fa": "توکن سرور این کار را می‌تواند.",
    }
    base = "https://api.postmarkapp.com/"
    keeps_message_id = True
    # https://postmarkapp.com/developer/api/overview#error-codes
    rules = """
        account login: ErrorCode = 10
        account credit: ErrorCode = 405 413
        account sender: ErrorCode = 400 401 412
        account settings: ErrorCode = 1235 1236 1237
        refused blacklisted: ErrorCode = 406
        refused bad_address: ErrorCode = 300 & Message ~ 'To'
        account sender: ErrorCode = 300 & Message ~ 'From'
        refused content: ErrorCode = 300 402 403 411
        not_now: ErrorCode = 100
    """
    fields = (
        Field(
            name="server_token",
            label={"en": "Server API token", "fa": "توکن سرور (Server API token)"},
            help={
                "en": "In Postmark: Servers → your server → API Tokens.",
                "fa": "در Postmark: ‏Servers ← سرور شما ← API Tokens.",
            },
            secret=True,
        ),
        Field(
            name="stream",
            label={"en": "Message stream", "fa": "جریان پیام (Message stream)"},
            help={
                "en": "`broadcast` for marketing; `outbound` is for transactional messages alone.",
                "fa": "برای تبلیغات `broadcast`؛ `outbound` تنها برای پیام‌های خدماتی است.",
            },
            default="broadcast",
            longest=30,
        ),
    )

    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]:
        return {"server_token": settings["server_token"], "api_url": self.base}

    def finish(self, message: Finished, parcel: Parcel) -> None:
        message.extra_headers["X-PM-KeepID"] = "true"

    def build(self, settings: Mapping[str, str]) -> Any:
        backend = super().build(settings)
        backend.send_defaults = {**backend.send_defaults, "esp_extra": {"MessageStream": settings["stream"]}}
        return backend

    def register(self, caller: Caller, settings: Mapping[str, str], address: str) -> Registered:
        """https://postmarkapp.com/developer/api/webhooks-api."""
        api = ServiceApi(caller, self.base, {"X-Postmark-Server-Token": settings["server_token"]})
        stream = settings["stream"]
        found = rows_of(api.get(f"webhooks?{urlencode({'MessageStream': stream})}"), "Webhooks")
        if any(one.get("Url") == address for one in found):
            return Registered(already=True)
        alone, bare = {"Enabled": True}, {"Enabled": True, "IncludeContent": False}
        triggers = {"Delivery": alone, "Bounce": bare, "SpamComplaint": bare, "SubscriptionChange": alone}
        api.send("POST", "webhooks", {"Url": address, "MessageStream": stream, "Triggers": triggers})
        return Registered()

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        return said.get("Type") in ("HardBounce", "BadEmailAddress", "ManuallyDeactivated")
