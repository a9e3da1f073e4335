"""How the page of notices says what became of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from safar.channels.notices.listing import Telling
from safar.console.sent.words import REASONS

FILTERS = {
    "": _("Whatever became of them"),
    "waiting": _("Not told yet"),
    "told": _("Told"),
    "failed": _("Could not be told"),
    "nowhere": _("Heard nowhere"),
}
ABOUT = {"": _("Everything"), "journeys": _("From journeys"), "warnings": _("Warnings")}
STATES = {
    "waiting": _("waits for the next digest"),
    "paused": _("waits: the destination is paused"),
    "gone": _("the destination was taken away"),
    "under_way": _("is under way"),
    "retry_wait": _("is tried again later"),
    "told": _("told"),
    "counted": _("told as a count"),
    "kept": _("kept in the mailbox"),
    "in_doubt": _("in doubt"),
    "assumed_sent": _("taken for told"),
    "failed": _("could not be told"),
}
COLOURS = {"told": "green", "counted": "green", "kept": "azure", "assumed_sent": "green", "failed": "red", "gone": "red", "in_doubt": "orange", "paused": "orange"}  # fmt: skip


def state_of(one: Telling) -> str:
    """A key of STATES."""
    if not one.taken:
        return "gone" if one.name is None else "paused" if one.paused else "waiting"
    if one.state == "accepted":
        return "kept" if one.provider == "mailbox" else "counted" if one.counted else "told"
    known = {
        "failed": "failed",
        "skipped": "failed",
        "assumed_sent": "assumed_sent",
        "in_doubt": "in_doubt",
        "retry_wait": "retry_wait",
    }
    return known.get(one.state or "", "under_way")


def reason_of(one: Telling) -> Any:
    """Why it could not be told, or not yet; empty where the state says all."""
    if one.state not in ("failed", "skipped", "retry_wait", "in_doubt") or not one.reason:
        return ""
    return REASONS.get(one.reason, one.reason)
