"""SparkPost, now Bird (https://developers.sparkpost.com/api/transmissions/)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.channels.fields import Field
from safar.channels.mail.service import Finished, MailService
from safar.channels.provider import Parcel
from safar.channels.services.api import Registered, ServiceApi, rows_of
from safar.lib.calls import Caller


class SparkPost(MailService):
    key = "sparkpost"
    label = {"en": "SparkPost", "fa": "SparkPost"}
    backend = "anymail.backends.sparkpost.EmailBackend"
    webhook = "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView"
    reporting = {
        "en": "In SparkPost: Webhooks → Create, with this address; choose delivery, bounce, out of band, spam complaint, policy rejection, unsubscribes.",
        "fa": "در SparkPost: ‏Webhooks ← Create، با این نشانی؛ delivery، bounce، out of band، spam complaint، policy rejection و unsubscribeها را برگزینید.",
    }
    registers = True
    registering = {
        "en": "The key needs “Event Webhooks: Read/Write” as well, for this moment alone if you like.",
        "fa": "کلید باید «Event Webhooks: Read/Write» هم داشته باشد، اگر خواستید تنها برای همین لحظه.",
    }
    base = "https://api.sparkpost.com/api/v1/"
    eu = "https://api.eu.sparkpost.com/api/v1/"
    rules = """
        account quota: status = 420 429
        account login: status = 401 403
        account sender: errors.0.code = 7001
        account sender: errors.0.message ~ sending domain
        refused blacklisted: errors.0.code = 1902
        refused bad_address: errors.0.code = 5001 5002
        refused bad_address: errors.0.message ~ recipient
        refused content: errors.0.code = 1300 1400
        refused content: status = 422
    """
    fields = (
        Field(name="api_key", label={"en": "API key", "fa": "کلید API"}, secret=True),
        Field(
            name="region",
            label={"en": "Where the account is", "fa": "محل حساب"},
            choices={
                "us": {"en": "United States", "fa": "ایالات متحده"},
                "eu": {"en": "European Union", "fa": "اتحادیهٔ اروپا"},
            },
            default="us",
        ),
    )

    def url(self, settings: Mapping[str, str]) -> str:
        return self.eu if settings["region"] == "eu" else self.base

    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]:
        return {"api_key": settings["api_key"], "api_url": self.url(settings)}

    def finish(self, message: Finished, parcel: Parcel) -> None:
        # Otherwise it replaces our List-Unsubscribe by one of its own; what is marketing was decided at the gate.
        message.esp_extra = {"options": {"transactional": True}}

    def register(self, caller: Caller, settings: Mapping[str, str], address: str) -> Registered:
        """https://developers.sparkpost.com/api/webhooks/. It calls the address at once, to see that somebody answers."""
        api = ServiceApi(caller, self.url(settings), {"Authorization": settings["api_key"]})
        if any(one.get("target") == address for one in rows_of(api.get("webhooks"), "results")):
            return Registered(already=True)
        events = ["delivery", "bounce", "out_of_band", "spam_complaint", "policy_rejection", "list_unsubscribe"]
        api.send("POST", "webhooks", {"name": "Safar", "target": address, "events": events})
        return Registered()

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        # https://support.sparkpost.com/docs/deliverability/bounce-classification-codes
        return any(str(one.get("bounce_class")) in ("10", "30", "90") for one in _inner(said))

    def is_machine(self, said: Mapping[str, Any]) -> bool:
        parsed = (one.get("user_agent_parsed") for one in _inner(said))
        return any(isinstance(one, Mapping) and one.get("is_prefetched") is True for one in parsed)


def _inner(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The event in its wrapping."""
    wrapped = said.get("msys")
    found = list(wrapped.values()) if isinstance(wrapped, Mapping) else []
    return [one for one in found if isinstance(one, Mapping)]
