"""How pages of campaigns name states, and say what the services refuse."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from safar.console.faults import say as say
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


def said(faults: Iterable[Fault]) -> list[str]:
    return [say(each.message) for each in faults]
