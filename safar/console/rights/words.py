"""How these pages name what stands in the consent record and in requests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CHANNELS = {
    "email": _("E-mail"),
    "sms": _("SMS"),
    "topic": _("Topics"),
    "frequency": _("How often"),
    "pause": _("Pause"),
}
STATES = {
    "given": _("given"),
    "pending": _("waits for confirmation"),
    "withdrawn": _("withdrawn"),
    "joined": _("joined"),
    "left": pgettext_lazy("topic", "left"),
    "everything": _("everything"),
    "weekly": _("once a week at most"),
    "monthly": _("once a month at most"),
    "paused": _("nothing for 30 days"),
    "ended": _("ended"),
}
COLOURS = {"given": "green", "joined": "green", "pending": "yellow", "withdrawn": "red", "left": "red"}
METHODS = {
    "by_hand": _("by hand"),
    "import": _("from a file"),
    "one_click": _("by one click in the mail program"),
    "page": _("by the link in a message"),
    "preferences": _("in the preference centre"),
    "confirmation": _("by the link of a confirmation"),
    "form": _("by a form"),
    "sms_word": _("by an SMS to a line"),
    "journey": _("by a journey"),
    "identify": _("from the shop or the site"),
    "track": _("from the shop or the site"),
    "edit": _("by a program"),
}
PURPOSES = {"marketing": _("marketing"), "topic": _("topic"), "preference": _("preference")}
PROOFS = {
    "ip": _("IP address"),
    "user_agent": _("Browser"),
    "page": _("Page"),
    "address": _("Address"),
    "form": _("Form"),
    "text": _("Wording"),
    "topics": _("Topics to be confirmed"),
    "by": _("By"),
    "reason": _("Reason"),
    "file": _("File"),
    "message": _("Message"),
    "event": _("Event"),
    "journey": _("Journey"),
    "confirm": _("Confirmation asked for"),
}
KINDS = {"export": _("Everything that is kept"), "erase": _("Erasure")}
REQUEST_STATES = {"open": _("open"), "done": _("done"), "refused": _("refused")}
REQUEST_COLOURS = {"open": "yellow", "done": "green", "refused": "secondary"}
