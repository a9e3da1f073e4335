"""Webhooks: a call to an address that somebody typed, on the open Internet and nowhere else.

A call may be made twice, with the same Idempotency-Key: so whatever is not a clear answer is "not now" and tried again, with back-off, a
bounded number of times. Each address has a queue and lines of its own: nothing that one does closes the way of the others.
"""

from __future__ import annotations

from safar.channels.provider import Accepted, Line, NotNow, Parcel, Provider, Refused, Verdict
from safar.channels.services.http_line import HttpLine, words_of
from safar.channels.settings import Sending
from safar.lib.calls import Answered, Call, Caller, CallFault, NotEncrypted
from safar.lib.outward import choose_address

SECONDS = 15.0  # for a whole answer
LARGEST_ANSWER = 64_000  # bytes that are read of it
AGAIN = (408, 409, 423, 425, 429)  # beside 5xx


class WebhookLine(HttpLine):
    """Every call goes to an address of its own: resolved once, refused where it is not open, no redirect followed."""

    def request(self, parcel: Parcel) -> Call:
        return Call("POST", parcel.address, dict(parcel.headers), parcel.source, parcel.seconds)

    def judge(self, answer: Answered) -> Verdict:
        words = words_of(answer)
        if 200 <= answer.status < 300:
            return Accepted(said=words, answer=answer.body)
        if answer.status >= 500 or answer.status in AGAIN:
            return NotNow("not_now", words)
        return Refused("redirect" if answer.status < 400 else "refused", words)

    def _offer(self, parcel: Parcel) -> Verdict:
        try:
            return self.judge(self.caller.call(self.request(parcel)))
        except NotEncrypted as fault:
            return NotNow("tls", str(fault))
        except CallFault as fault:
            return NotNow("unreachable", str(fault))
        except ValueError as fault:  # Forbidden among others: it does not say which network
            return Refused("address", str(fault)[:300])


class Webhook(Provider):
    key = "webhook"
    label = {"en": "Webhook", "fa": "وب‌هوک"}
    channels = frozenset({"webhook"})

    def open(self, sending: Sending) -> Line:
        return WebhookLine(Caller(choose_address, seconds=SECONDS, largest=LARGEST_ANSWER))
