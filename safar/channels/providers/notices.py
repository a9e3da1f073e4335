"""The book of notices: what journeys have to tell the team is put down in this database, in the transaction that says so; digests tell it."""

from __future__ import annotations

from safar.channels.provider import Accepted, Line, Parcel, Provider, Verdict
from safar.channels.settings import Sending


class NoticesLine(Line):
    """Accepts everything. The dispatcher has it gathered (``notices.gathering``) in the transaction that says so."""

    def hand_over(self, parcel: Parcel) -> Verdict:
        return Accepted()


class Notices(Provider):
    key = "notices"
    label = {"en": "Notices to the team", "fa": "خبرهای همکاران"}
    channels = frozenset(("notice",))
    inside = True

    def open(self, sending: Sending) -> Line:
        return NoticesLine()
