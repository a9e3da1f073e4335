"""The built-in mailbox: keeps every message whole and sends nothing. The default, and where everything goes that may
not leave.
"""

from __future__ import annotations

from safar.channels.provider import Accepted, Line, Parcel, Provider, Verdict
from safar.channels.settings import Sending


class MailboxLine(Line):
    """Accepts everything. The dispatcher writes it into the table ``mailbox`` in the transaction that says so."""

    def hand_over(self, parcel: Parcel) -> Verdict:
        return Accepted(provider_id=parcel.message_id, said="kept in the mailbox")


class Mailbox(Provider):
    key = "mailbox"
    label = {"en": "Built-in mailbox", "fa": "صندوق داخلی"}
    channels = frozenset(("email", "sms", "notice", "webhook"))
    inside = True

    def open(self, sending: Sending) -> Line:
        return MailboxLine()
