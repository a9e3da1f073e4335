"""How the pages of sent messages say states, reasons and what became of a message."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from safar.channels.sent import Line
from safar.console.contacts.words import MESSAGE_REASONS

DELIVERED, UNDELIVERED = "delivered", "undelivered"  # what the service reported of a message it had taken
KEPT = "kept"  # accepted by the built-in mailbox: said apart from what left the house
FILTERS = {
    "": _("Every state"),
    "sent": _("Sent"),
    "kept": _("Kept in the mailbox"),
    "under_way": _("Under way"),
    "skipped": _("Not sent"),
    "failed": _("Failed"),
    "in_doubt": _("In doubt"),
}
CHANNELS = {"": _("Every channel"), "email": _("E-mail"), "sms": _("SMS"), "notice": _("Notice")}
STATES = {
    "pending": _("waits to be sent"),
    "sending": _("is being sent"),
    "retry_wait": _("is tried again later"),
    "accepted": pgettext_lazy("message", "sent"),
    KEPT: _("kept in the mailbox"),
    DELIVERED: _("delivered"),
    UNDELIVERED: _("sent, and not delivered"),
    "failed": _("failed"),
    "skipped": _("not sent"),
    "in_doubt": _("in doubt"),
    "assumed_sent": _("taken for sent"),
}
COLOURS = {
    "accepted": "green",
    KEPT: "azure",
    DELIVERED: "green",
    UNDELIVERED: "red",
    "assumed_sent": "green",
    "failed": "red",
    "in_doubt": "orange",
    "skipped": "secondary",
}
REASONS = {
    **MESSAGE_REASONS,
    "bad_address": _("the address does not work"),
    "blacklisted": _("barred by the reader, or by the operator"),
    "not_reached": _("the phone could not be reached"),
    "undelivered": _("the operator did not deliver it"),
    "cancelled": _("cancelled at the service"),
    "filtered": _("held back by the operator's filter"),
    "service_down": _("the service was out of order"),
    "content": _("the provider refused the content"),
    "pattern": _("the service does not know the pattern, or its variables do not fit"),
    "too_large": _("too large"),
    "mailbox_full": _("the reader's mailbox is full"),
    "given_up": _("tried too often"),
    "no_answer": _("the provider did not answer"),
    "fault": _("the provider did not answer"),
    "strange_answer": _("the provider's answer could not be read"),
    "too_late": _("ran out of time"),
    "line_lost": _("the line was cut"),
    "one_line_fewer": _("the provider takes fewer at once"),
    "not_begun": _("had not begun"),
    "by_hand": _("decided by a person"),
    "needs_attention": _("somebody has to decide"),
    "evidence": _("proved later"),
}
KEPT_FOR = {
    "mailbox": _("nothing is sent in this mode"),
    "not_team": _("not an address of the team"),
    "sms": _("no SMS provider is connected"),
    "notice": _("a notice to the team"),
    "no_address": _("there is nobody to send it to"),
}
EVENTS = {
    "email_opened": _("Opened"),
    "email_clicked": _("A link was clicked"),
    "message_bounced": _("Came back"),
    "message_complained": _("Reported as spam"),
    "unsubscribed": _("Unsubscribed"),
}


def state_of(line: Line) -> str:
    """A key of STATES."""
    if line.delivered_at or line.undelivered_at:
        return DELIVERED if line.delivered_at else UNDELIVERED
    return KEPT if line.state == "accepted" and line.provider == "mailbox" else line.state


def reason_of(line: Line) -> Any:
    """Why, in words; empty where the state says all."""
    if line.undelivered and not line.delivered_at:
        return REASONS.get(line.undelivered, line.undelivered)
    if not line.reason or line.state == "accepted":
        return ""
    return REASONS.get(line.reason, line.reason)
