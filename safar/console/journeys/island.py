"""What the map island begins with, whichever page shows it: words, kinds, addresses; the page adds the map."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from safar.channels.hooks.keeping import list_hooks
from safar.console.access import ConsoleRequest, may, to
from safar.console.journeys.common import language, reading
from safar.console.journeys.island_words import island_words
from safar.console.templatetags.assets import icon_sprite
from safar.journeys.definition.model import DUTIES
from safar.journeys.definition.sections import MAX_POINTS, MAX_STARTS
from safar.journeys.forms import choice_words, condition_forms, kind_forms, operator_forms, path_words
from safar.journeys.models import Journey
from safar.journeys.offers import offers

ADDRESSES = (
    "journey_map",
    "journey_parse",
    "journey_figures",
    "journey_publishing",
    "journey_people",
    "journey_moves",
)


def island_of(request: ConsoleRequest, found: Journey) -> dict[str, Any]:
    """What frontend/src/map/model/types.ts calls Boot, without version, published, mayEdit and map."""
    tongue = language()
    return {
        "key": found.key,
        "state": found.state,
        "language": tongue,
        "zone": request.workspace.zone,
        "calendar": request.workspace.calendar,
        "urls": {
            **{name.removeprefix("journey_"): to(request, name, key=found.key) for name in ADDRESSES},
            "messages": to(request, "messages"),
            **({"hooks": to(request, "hooks")} if may(request.membership, "admin") else {}),
            "sent": f"{to(request, 'sent')}?{urlencode({'journey': found.key})}",
        },
        "sprite": icon_sprite(),
        "limits": {"starts": MAX_STARTS, "points": MAX_POINTS},
        "duties": list(DUTIES),
        "kinds": kind_forms(tongue),
        "conditions": condition_forms(tongue),
        "operators": operator_forms(tongue),
        "paths": path_words(tongue),
        "choices": choice_words(tongue),
        "offers": offers(reading(), request.workspace, tongue),
        "hooks": _hooks(request),
        "words": island_words(),
    }


def _hooks(request: ConsoleRequest) -> list[dict[str, str]]:
    """Addresses at which other systems may be told to call: for whoever draws the journeys that begin with it."""
    if not may(request.membership, "editor"):
        return []
    return [
        {"key": one.key, "address": f"{settings.SAFAR.public_url}{one.path}"}
        for one in list_hooks(reading(), request.workspace.pk)
    ]
