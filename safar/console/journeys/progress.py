"""How far the reading for the last publishing has come, on the journey's page; and stopping whoever still comes in by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.journeys.common import faults_json, find, reading, who
from safar.journeys.publishing.progress import read_progress, stop_taking_in
from safar.lib.faults import Refused

SHOWN = timedelta(hours=1)  # after a publishing the page still says how many came in by it


@never_cache
@require_safe
def progress(request: ConsoleRequest, key: str) -> HttpResponse:
    """``journeys/<key>/progress/``: a piece of the page, empty where there is nothing to tell. It asks again by itself while it goes on."""
    journey = find(request, key)
    found = read_progress(reading(), journey)
    tells = found is not None and (found.going or (found.takes_in and datetime.now(UTC) - found.at < SHOWN))
    context = {"journey": journey, "found": found if tells else None}
    return render(request, "console/journeys/_publishing.html", context)


@require_POST
@needs("editor")
def stop(request: ConsoleRequest, key: str) -> HttpResponse:
    """Nobody comes in any more because they match already."""
    find(request, key)
    try:
        stop_taking_in(request.workspace, key, connection=reading())
    except Refused as refused:
        for fault in faults_json(refused.faults):
            messages.error(request, fault["message"])
    else:
        record(request.workspace, who(request), "stop_publishing", f"journey:{key}")
        messages.success(request, _("Nobody else comes in because they match already."))
    return go(request, to(request, "journey", key=key))
