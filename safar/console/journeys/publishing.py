"""Publishing: what changes for whom, before; the new version, after."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, needs
from safar.console.database import session
from safar.console.journeys.common import body, faults_json, find, language, reading, refused, who
from safar.journeys import services
from safar.journeys.definition.diff import Change, diff_definitions
from safar.journeys.drafts import check_draft, read_draft
from safar.journeys.living import living_figures, shown_version
from safar.journeys.models import LIVE, Journey, Version
from safar.lib.faults import Fault, Refused


@require_http_methods(["GET", "POST"])
@needs("viewer", write="editor")
def publishing_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """GET: {next, live, faults, changes, standing, on_the_road, others}. POST {revision}: publishes, {number, people}.

    409 where the draft is another by now than the one that was looked at; 422 with its faults.
    """
    journey = find(request, key)
    if request.method == "GET":
        return JsonResponse(_before(request, journey))
    sent = body(request) or {}
    if sent.get("revision") != journey.revision:
        return refused([Fault("", "somebody has changed the draft since; look at it again before you publish it")], 409)
    checked = check_draft(request.workspace, read_draft(journey))
    if checked.faults:
        return refused(checked.faults)
    try:
        with session() as conn:
            done = services.publish(request.workspace, key, connection=conn)
    except Refused as fault:
        return refused(fault.faults)
    record(request.workspace, who(request), "publish_journey", f"journey:{key}", {"version": done.number})
    return JsonResponse({"number": done.number})


def _before(request: ConsoleRequest, journey: Journey) -> dict[str, Any]:
    """changes: [{what, place, said}], None for a first version; standing: point → people, of the live version."""
    last = Version.objects.filter(journey=journey).order_by("-number").first()
    live = Version.objects.filter(journey=journey, live=True).first()
    checked = check_draft(request.workspace, read_draft(journey))
    found: dict[str, Any] = {
        "next": (last.number if last else 0) + 1,
        "live": live.number if live else None,
        "revision": journey.revision,
        "same": bool(live and live.definition == journey.draft and journey.state == LIVE),
        "faults": faults_json(checked.faults),
        "changes": None,
        "standing": {},
        "on_the_road": 0,
        "others": {},
    }
    if live is None:
        return found
    try:
        shown = shown_version(request.workspace, live)
        figures = living_figures(reading(), request.workspace, journey, live).json
    except Refused as fault:
        return {**found, "faults": [*found["faults"], *faults_json(fault.faults)]}
    if checked.definition is not None:
        found["changes"] = [_change(each) for each in diff_definitions(shown.definition, checked.definition)]
    points = figures["points"]
    found["standing"] = {f"points.{key}": each["standing"] for key, each in points.items() if each["standing"]}
    found["on_the_road"], found["others"] = figures["standing"], figures["other_versions"]
    return found


def _change(change: Change) -> dict[str, str]:
    return {"what": change.what, "place": change.place, "said": change.say(language())}
