"""Lines of destinations that have one of their own (``notices.kinds``): how each is spoken to is its kind's matter."""

from __future__ import annotations

from collections.abc import Mapping

from safar.channels.notices.kind import CHANNEL, kinds
from safar.channels.provider import Line, Own, Provider
from safar.channels.settings import Sending


class DestinationProvider(Provider):
    key = "destination"
    label = {"en": "Messenger of the team", "fa": "پیام‌رسان همکاران"}
    channels = frozenset((CHANNEL,))

    def carries(self, sending: Sending) -> bool:
        return False

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        kind = kinds().get(settings["kind"])
        if kind is None:
            raise ValueError(f"there is no kind of destination {settings['kind']!r}")
        return kind.open(settings)
