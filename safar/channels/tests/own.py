"""A shop with an SMS service of its own, at a provider that says what the test tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.channels.fields import Field
from safar.channels.provider import Accepted, Line, Own, Parcel, Provider, Verdict, providers
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.services.own import set_service
from safar.channels.settings import Sending
from safar.channels.tests.settings import SECRET, sending

NAMES = {"en": "Pigeon", "fa": "کبوتر"}
SARA, ALI = "+989121234567", "+989351234567"


class PigeonLine(Line):
    def __init__(self, loft: Pigeon, settings: Mapping[str, str]) -> None:
        self.loft, self.settings = loft, settings

    def hand_over(self, parcel: Parcel) -> Verdict:
        key = self.settings["key"]
        verdict = self.loft.says[key].pop(0) if self.loft.says.get(key) else Accepted(f"p{len(self.loft.flown)}")
        if isinstance(verdict, Accepted):
            self.loft.flown.append((key, parcel))
        return verdict


class Pigeon(Provider):
    """says: by the account's key, what it answers next; then it accepts."""

    key = "pigeon"
    label = NAMES
    channels = frozenset(("sms",))
    fields = (
        Field(name="key", label={"en": "Key", "fa": "کلید"}, secret=True),
        Field(name="sender", label={"en": "Line", "fa": "خط"}, required=False),
    )

    def __init__(self) -> None:
        self.says: dict[str, list[Verdict]] = {}
        self.flown: list[tuple[str, Parcel]] = []

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        return PigeonLine(self, settings)


def kinds_with(loft: Provider) -> dict[str, Provider]:
    return {**providers(), loft.key: loft}


def connect_own(shop: Any, kinds: Mapping[str, Provider], provider: str = "pigeon", **given: str) -> None:
    """The shop sends SMS by an account of its own, and has something to say."""
    set_service(
        shop.conn, workspace_id=shop.id, channel="sms", provider=provider, given=given, keys=[SECRET], kinds=kinds
    )
    shop.template("offer", {"en": {"text": "سلام {{ contact.first_name }}\nلغو۱۱"}}, channel="sms")


def decide_sms(shop: Any, person: Any, phone: str = SARA, **more: Any) -> None:
    shop.conn.execute("UPDATE contact SET phone = %s WHERE id = %s", (phone, person.id))
    shop.decide(person, channel="sms", template="offer", **more)


def dispatcher_with(database_url: str, kinds: Mapping[str, Provider], **changes: Any) -> Dispatcher:
    return Dispatcher(database_url, "test", sending=sending(**changes), kinds=kinds)
