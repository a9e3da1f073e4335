"""The page with the map, and the figures that live on it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest, may
from safar.console.database import session
from safar.console.journeys.common import find, language, refused, title_of
from safar.console.journeys.drafting import describe
from safar.console.journeys.island import island_of
from safar.console.journeys.reckoned import add_reckoned
from safar.journeys.drafts import check_draft, read_draft
from safar.journeys.living import shown_version
from safar.journeys.models import Version
from safar.journeys.reckoning.kept import kept_living
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
        "island": {
            **island_of(request, found),
            "version": live.number if live else None,
            "published": json.loads(live.definition) if live else None,
            "mayEdit": may(request.membership, "editor") and found.state != "archived",
            "map": describe(found, draft, check_draft(request.workspace, draft)),
        },
    }
    return render(request, "console/journeys/journey.html", context)


@never_cache
@require_safe
def figures_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """Of the live version, or of ?version=N: as ``living_figures`` gives them. 304 where nothing has changed.

    With what is reckoned beside the request (``reckoned.add_reckoned``). Before the first version, and while they are read for the first time, only
    {version: null, state, revision}: whoever draws hears of it when somebody else has saved.
    """
    found = find(request, key)
    wanted = request.GET.get("version", "")
    versions = Version.objects.filter(journey=found)
    version = versions.filter(number=int(wanted)).first() if wanted.isdecimal() else versions.filter(live=True).first()
    told: dict[str, Any] = {"version": None}
    if version is not None:
        try:
            living = kept_living(request.workspace, found, version, session)
        except Refused as fault:
            return refused(fault.faults)
        if living is not None:
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
