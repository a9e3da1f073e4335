"""How pages of campaigns name states, and what the services refuse."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from safar.console.journeys.common import language
from safar.console.journeys.fault_words import say_fault
from safar.journeys.campaigns import progress
from safar.lib.faults import Fault

STATES = {
    progress.DRAFT: _("Draft"),
    progress.PLANNED: _("Planned"),
    progress.SENDING: _("Being sent"),
    progress.DONE: _("Sent"),
    progress.HELD: _("Paused"),
    progress.CANCELLED: _("Cancelled"),
    progress.ENDED: _("Stopped"),
}
COLOURS = {
    progress.DRAFT: "secondary",
    progress.PLANNED: "azure",
    progress.SENDING: "blue",
    progress.DONE: "green",
    progress.HELD: "yellow",
    progress.CANCELLED: "secondary",
    progress.ENDED: "secondary",
}
# The pattern of what is said, and what a page says instead.
SAID = (
    (r"this moment is past", gettext_noop("This moment is past. Choose a later one.")),
    (r"nobody is in this segment", gettext_noop("Nobody is in this segment now, so nobody would get it.")),
    (r"there is no template '(?P<v>.*)'", gettext_noop("The message “%(v)s” does not exist any more. Choose another one.")),
    (r"there is no segment '(?P<v>.*)'", gettext_noop("The segment “%(v)s” does not exist any more. Choose another one.")),
    (r"both messages have to go by the same channel", gettext_noop("Both messages have to go by the same channel.")),
    (r"somebody has changed this campaign since; .*", gettext_noop("Somebody has changed this campaign since. Look at it again.")),
    (r"this campaign was sent already; .*", gettext_noop("This campaign was sent already. Make a copy and send that.")),
    (r"this campaign is cancelled already", gettext_noop("This campaign is cancelled already.")),
    (r"this journey is no campaign any more", gettext_noop("The map of this journey was changed: it is no campaign any more.")),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), text) for pattern, text in SAID)


def say(message: str) -> str:
    """The fault in the page's language; faults of definitions as pages of journeys say them."""
    for pattern, text in _PATTERNS:
        if found := pattern.fullmatch(message):
            return gettext(text) % found.groupdict()
    return say_fault(message, language())


def said(faults: Iterable[Fault]) -> list[str]:
    return [say(each.message) for each in faults]
