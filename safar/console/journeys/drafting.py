"""map.json: the draft of a journey, read and kept while somebody draws; parse.json: what a pasted text says."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from safar.console.access import ConsoleRequest, needs
from safar.console.journeys.common import body, faults_json, find, language, refused, who
from safar.journeys.definition.dump import dump_yaml
from safar.journeys.drafts import Checked, Draft, Overtaken, check_draft, read_draft, read_text, save_draft
from safar.journeys.models import Journey
from safar.journeys.saying_draft import say_points, say_settings, ways_of_points
from safar.lib.faults import Fault, Refused


@require_http_methods(["GET", "PUT"])
@needs("viewer", write="editor")
def map_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """GET: {revision, draft, by, faults, summaries, ways, settings, yaml}. PUT {revision, draft}: the same without the draft.

    409 with {revision, draft, by, …} of what is kept where somebody else has saved since; nothing is written then. 422 where
    the draft cannot be kept at all.
    """
    journey = find(request, key)
    if request.method == "GET":
        draft = read_draft(journey)
        return JsonResponse(describe(journey, draft, check_draft(request.workspace, draft)))
    sent = body(request)
    if sent is None or not isinstance(sent.get("draft"), dict) or not isinstance(sent.get("revision"), int):
        return refused([Fault("", _("This could not be read."))], 400)
    try:
        saved = save_draft(request.workspace, key, sent["draft"], revision=sent["revision"], by=who(request))
    except Refused as fault:
        return refused(fault.faults)
    if isinstance(saved, Overtaken):
        journey.revision, journey.drafted_by = saved.revision, saved.by
        return JsonResponse(describe(journey, saved.draft, check_draft(request.workspace, saved.draft)), status=409)
    journey.revision, journey.drafted_by = saved.revision, who(request)
    return JsonResponse({**describe(journey, sent["draft"], saved.checked), "draft": None})


@require_POST
@needs("viewer", write="viewer")
def parse_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """{text}: YAML or JSON → {draft, faults}, {draft} → {yaml}. Nothing is kept."""
    find(request, key)
    sent = body(request) or {}
    if isinstance(sent.get("draft"), dict):
        return JsonResponse({"yaml": dump_yaml(sent["draft"])})
    try:
        draft = read_text(str(sent.get("text") or ""))
        if draft.get("journey") != key:  # a text of another journey may be pasted: the key stays this one's
            draft = {"journey": key, **{name: value for name, value in draft.items() if name != "journey"}}
    except Refused as fault:
        return refused(fault.faults)
    return JsonResponse({"draft": draft, "faults": faults_json(check_draft(request.workspace, draft).faults)})


def describe(journey: Journey, draft: Draft, checked: Checked) -> dict[str, Any]:
    """What the map shows of a draft beside the draft itself."""
    tongue = language()
    return {
        "revision": journey.revision,
        "by": journey.drafted_by,
        "draft": draft,
        "faults": faults_json(checked.faults),
        "summaries": say_points(draft, tongue),
        "ways": ways_of_points(draft),
        "settings": say_settings(checked.definition, tongue),
    }
