"""People on older versions: who could move to the live one, why the others cannot, and moving those who can."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.journeys.common import faults_json, find, language, title_of, who
from safar.console.journeys.publishing_words import reasons
from safar.journeys.drafts import read_draft
from safar.journeys.moving import look_at_moves, move_to_live
from safar.lib.faults import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@needs("viewer", write="editor")
def moves(request: ConsoleRequest, key: str) -> HttpResponse:
    """``journeys/<key>/moves/``. POST moves everybody who can; ``anew``: their waiting is reckoned by the live version."""
    journey = find(request, key)
    try:
        with session() as conn:
            if request.method == "POST":
                moved = move_to_live(request.workspace, key, connection=conn, anew="anew" in request.POST)
                record(request.workspace, who(request), "move_people", f"journey:{key}", {"people": moved})
                said = ngettext(
                    "%(n)s person moved to the live version.", "%(n)s people moved to the live version.", moved
                )
                messages.success(request, said % {"n": request.formats.number(moved)})
                return go(request, to(request, "journey_moves", key=key))
            older = look_at_moves(request.workspace, key, connection=conn)
    except Refused as refused:
        for fault in faults_json(refused.faults):
            messages.error(request, fault["message"])
        return go(request, to(request, "journey_versions", key=key))
    why = reasons()
    lines = [
        (one.number, each, [(why.get(reason, reason), n) for reason, n in each.cannot.items()])
        for one in older
        for each in one.standing
    ]
    context = {
        "journey": journey,
        "title": title_of(read_draft(journey), key, language()),
        "lines": lines,
        "can": sum(one.can for one in older),
    }
    return render(request, "console/journeys/moves.html", context)
