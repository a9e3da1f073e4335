"""Mailjet (https://dev.mailjet.com/email/reference/send-emails/)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.channels.fields import Field
from safar.channels.mail_service import MailService


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

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        return said.get("hard_bounce") in (True, 1, "1", "true")
