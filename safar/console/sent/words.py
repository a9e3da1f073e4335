"""How the pages of sent messages say states, reasons and what became of a message."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from safar.channels.sent import Line
from safar.channels.tracking.showing import Reaction
from safar.console.contacts.words import MESSAGE_REASONS

DELIVERED, UNDELIVERED = "delivered", "undelivered"  # what the service reported of a message it had taken
KEPT = "kept"  # accepted by the built-in mailbox: said apart from what left the house
NOTED = "noted"  # a notice to the team: digests tell it
FILTERS = {
    "": _("Every state"),
    "sent": _("Sent"),
    "kept": _("Kept in the mailbox"),
    "under_way": _("Under way"),
    "skipped": _("Not sent"),
    "failed": _("Failed"),
    UNDELIVERED: _("Sent, and not delivered"),
    "in_doubt": _("In doubt"),
    "opened": _("Opened by a person"),
    "clicked": _("Clicked by a person"),
    "unsubscribed": _("Unsubscribed by it"),
}
CHANNELS = {
    "": _("Every channel"),
    "email": _("E-mail"),
    "sms": _("SMS"),
    "notice": _("Notice"),
    "destination": _("Messenger of the team"),
    "webhook": _("Webhook"),
}
STATES = {
    "pending": _("waits to be sent"),
    "sending": _("is being sent"),
    "retry_wait": _("is tried again later"),
    "accepted": pgettext_lazy("message", "sent"),
    KEPT: _("kept in the mailbox"),
    NOTED: _("put down for the team"),
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
    NOTED: "azure",
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
    "hard_bounce": _("came back: nobody has this address"),
    "soft_bounce": _("came back: the mailbox is full or away"),
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
    "message_bounced": _("Came back"),
    "message_complained": _("Reported as spam"),
    "unsubscribed": _("Unsubscribed"),
}


MACHINES = {  # by what a machine was known (docs/tracking.md)
    "trap": _("it followed a link that no person sees"),
    "reported": _("the e-mail service says so"),
    "head": _("it only asked whether the link is there"),
    "prefetch": _("it fetched ahead, before anybody had asked"),
    "apple_privacy": _("Apple's privacy protection opens every mail"),
    "gmail_prefetch": _("Gmail fetched the pictures ahead"),
    "agent": _("it calls itself a robot or a scanner"),
    "too_soon": _("sooner than anybody can read"),
    "many_links": _("many links within a second"),
}


def reaction_words(reaction: Reaction) -> Any:
    """What a person or a machine did."""
    if reaction.machine:
        return _("A machine opened it") if reaction.opened else _("A machine followed a link")
    return _("Opened") if reaction.opened else _("A link was clicked")


def state_of(line: Line) -> str:
    """A key of STATES."""
    if line.delivered_at or line.undelivered_at:
        return DELIVERED if line.delivered_at else UNDELIVERED
    if line.state == "accepted" and line.kind == "notice" and line.provider == "notices":
        return NOTED
    return KEPT if line.state == "accepted" and line.provider == "mailbox" else line.state


def reason_of(line: Line) -> Any:
    """Why, in words; empty where the state says all."""
    if line.undelivered and not line.delivered_at:
        return REASONS.get(line.undelivered, line.undelivered)
    if not line.reason or line.state == "accepted":
        return ""
    return REASONS.get(line.reason, line.reason)
