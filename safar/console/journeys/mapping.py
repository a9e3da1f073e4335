"""The page with the map, and the figures that live on it."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest, may, to
from safar.console.journeys.common import find, language, reading, refused, title_of
from safar.console.journeys.drafting import describe
from safar.console.journeys.island_words import island_words
from safar.console.journeys.reckoned import add_reckoned
from safar.console.templatetags.assets import icon_sprite
from safar.journeys.definition.model import DUTIES
from safar.journeys.definition.sections import MAX_POINTS, MAX_STARTS
from safar.journeys.drafts import check_draft, read_draft
from safar.journeys.forms import choice_words, condition_forms, kind_forms, operator_forms, path_words
from safar.journeys.living import living_figures, shown_version
from safar.journeys.models import Journey, Version
from safar.journeys.offers import offers
from safar.lib.faults import Refused


@require_safe
def journey(request: ConsoleRequest, key: str) -> HttpResponse:
    """``journeys/<key>/``: the map, with all that the island needs to begin."""
    found = find(request, key)
    draft = read_draft(found)
    live = Version.objects.filter(journey=found, live=True).first()
    context = {
        "journey": found,
        "title": title_of(draft, key, language()),
        "version": live,
        "island": _island(request, found, live),
    }
    return render(request, "console/journeys/journey.html", context)


@never_cache
@require_safe
def figures_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """Of the live version, or of ?version=N: as ``living_figures`` gives them. 304 where nothing has changed.

    With what is reckoned beside the request (``reckoned.add_reckoned``). Before the first version only {version: null, state, revision}: whoever
    draws hears of it when somebody else has saved.
    """
    found = find(request, key)
    wanted = request.GET.get("version", "")
    versions = Version.objects.filter(journey=found)
    version = versions.filter(number=int(wanted)).first() if wanted.isdecimal() else versions.filter(live=True).first()
    told: dict[str, Any] = {"version": None}
    if version is not None:
        try:
            living = living_figures(reading(), request.workspace, found, version)
        except Refused as fault:
            return refused(fault.faults)
        told = add_reckoned(request, living.json, shown_version(request.workspace, version), found.pk)
        told["money_said"] = request.formats.money(told["money"])
    told |= {"state": found.state, "revision": found.revision}
    etag = f'"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = JsonResponse(told)
    answer.headers["ETag"] = etag
    return answer


def _island(request: ConsoleRequest, found: Journey, live: Version | None) -> dict[str, Any]:
    """What frontend/src/map/boot.ts calls Boot."""
    tongue = language()
    draft = read_draft(found)
    addresses = (
        "journey_map",
        "journey_parse",
        "journey_figures",
        "journey_publishing",
        "journey_people",
        "journey_moves",
    )
    return {
        "key": found.key,
        "state": found.state,
        "version": live.number if live else None,
        "published": json.loads(live.definition) if live else None,
        "mayEdit": may(request.membership, "editor") and found.state != "archived",
        "language": tongue,
        "zone": request.workspace.zone,
        "calendar": request.workspace.calendar,
        "urls": {
            **{name.removeprefix("journey_"): to(request, name, key=found.key) for name in addresses},
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
        "words": island_words(),
        "map": describe(found, draft, check_draft(request.workspace, draft)),
    }
