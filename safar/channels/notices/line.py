"""What lines of destinations have in common: what passes by itself is "not now"; what does not is the destination's, which pauses; and a test
ends with its first answer.
"""

from __future__ import annotations

from safar.channels.notices.kind import TEST
from safar.channels.provider import AccountRefused, NotNow, Parcel, Refused, Verdict
from safar.channels.services.http_line import HttpLine
from safar.lib.calls import Caller
from safar.lib.outward import choose_address

PASSES = ("unreachable", "tls", "quota")


class DestinationLine(HttpLine):
    """Calls go to the open Internet and nowhere else, though the kinds know their own hosts: a name may lead anywhere."""

    def __init__(self) -> None:
        super().__init__(Caller(lambda host, port: choose_address(host, port)))

    def hand_over(self, parcel: Parcel) -> Verdict:
        verdict = super().hand_over(parcel)
        if parcel.channel.endswith(TEST) and isinstance(verdict, AccountRefused | NotNow):
            return Refused(verdict.reason, verdict.said)
        if isinstance(verdict, AccountRefused) and verdict.reason in PASSES:
            return NotNow(verdict.reason, verdict.said)
        return verdict
