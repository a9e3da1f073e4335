"""How the pages that try a draft name things: reasons, states, stages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from safar.console.contacts.words import REASONS

REFUSED = {
    "no_value": _("the value that trips are kept apart by was missing"),
    "left_by_this_event": _("the same event had just taken them out"),
    "inside": _("they were in the journey already"),
    "reentry": _("they had been in it, and may not enter again yet"),
    "exit_when": _("the exit condition held already"),
    "paused": _("the journey was paused"),
}
LEFT = {**REASONS, "exit": _("the map ends here")}
STATUSES = {
    "open": _("would be on the road now"),
    "finished": _("came to the end of the map"),
    "left": _("left"),
    "set_aside": _("could not be computed"),
    "held_out": _("in the control group: held out, passes no point"),
}
STAGES = {
    "reading events": _("Reading the history"),
    "history": _("Going through what came before"),
    "walking": _("Walking people through the draft"),
}
