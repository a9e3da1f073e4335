"""Publishing: what changes for whom, before; the new version, after, with whoever moves to it or comes in because they match already."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.channels.consent.contact_pages import secret_keys
from safar.channels.senders import read_senders
from safar.channels.tracking.marking import short_stand_in
from safar.console.access import ConsoleRequest, may, needs, to
from safar.console.database import session
from safar.console.journeys.change_words import say_changes
from safar.console.journeys.common import body, faults_json, find, language, reading, refused, who
from safar.console.journeys.publishing_cost import sms_costs
from safar.console.journeys.publishing_words import crowd_json, moves_json, say_first
from safar.console.messages.trying import sending
from safar.journeys import services
from safar.journeys.definition.diff import diff_definitions
from safar.journeys.drafts import check_draft, read_draft
from safar.journeys.living import shown_version
from safar.journeys.models import LIVE, Journey, Version
from safar.journeys.moving import look_at_moves_to, move_to_live
from safar.journeys.publishing.crowd import count_crowd
from safar.journeys.publishing.first import look_first
from safar.lib.faults import Refused


@require_http_methods(["GET", "POST"])
@needs("viewer", write="editor")
def publishing_json(request: ConsoleRequest, key: str) -> HttpResponse:
    """GET: {next, live, revision, same, faults, changes}; what takes longer by itself: ?about=road {moves}, ?about=people {crowd, first},
    ?about=cost {sms, left}.

    POST {revision, already, move, anew}: publishes, takes in those who match already, moves those on the road; {number, moved}. 409 where the
    draft is another by now than the one that was looked at; 422 with its faults.
    """
    journey = find(request, key)
    if request.method == "GET":
        return JsonResponse(_ABOUT.get(request.GET.get("about", ""), _before)(request, journey))
    sent = body(request) or {}
    if sent.get("revision") != journey.revision:
        return refused([services.OVERTAKEN], 409)
    checked = check_draft(request.workspace, read_draft(journey))
    if checked.faults:
        return refused(checked.faults)
    already, moved = sent.get("already") is True, None
    try:
        with session() as conn:
            done = services.publish(request.workspace, key, connection=conn, revision=journey.revision, already=already)
            if sent.get("move") is True:
                moved = move_to_live(request.workspace, key, connection=conn, anew=sent.get("anew") is True)
    except Refused as fault:
        return refused(fault.faults, 409 if services.OVERTAKEN in fault.faults else 422)
    told: dict[str, Any] = {"version": done.number, **({"those_who_match": True} if already else {})}
    record(request.workspace, who(request), "publish_journey", f"journey:{key}", told)
    if moved is not None:
        record(request.workspace, who(request), "move_people", f"journey:{key}", {"people": moved})
    return JsonResponse({"number": done.number, "moved": moved})


def _before(request: ConsoleRequest, journey: Journey) -> dict[str, Any]:
    """changes: [{what, place, said}], None for a first version."""
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
    }
    if live is None or checked.definition is None:
        return found
    try:
        old = shown_version(request.workspace, live).definition
    except Refused as fault:
        return {**found, "faults": [*found["faults"], *faults_json(fault.faults)]}
    changed = diff_definitions(old, checked.definition)
    return {**found, "changes": say_changes(changed, old, checked.definition, language())}


def _road(request: ConsoleRequest, journey: Journey) -> dict[str, Any]:
    """moves: of every version with people, who can move to what is published now."""
    definition = check_draft(request.workspace, read_draft(journey)).definition
    if definition is None or not Version.objects.filter(journey=journey).exists():
        return {"moves": []}
    with session() as conn:
        older = look_at_moves_to(request.workspace, journey.key, definition, connection=conn, now=datetime.now(UTC))
    return {"moves": [moves_json(each) for each in older]}


def _people(request: ConsoleRequest, journey: Journey) -> dict[str, Any]:
    """crowd: who matches already, and who would get nothing for lack of consent; first: sentences."""
    definition = check_draft(request.workspace, read_draft(journey)).definition
    if definition is None:
        return {"crowd": None, "first": []}
    crowd = count_crowd(reading(), request.workspace, journey, definition, keys=secret_keys())
    first = look_first(reading(), request.workspace, journey, definition)
    return {"crowd": crowd_json(crowd), "first": say_first(definition, crowd, first, request.formats, language())}


def _cost(request: ConsoleRequest, journey: Journey) -> dict[str, Any]:
    """sms: [{title, parts, cost}]; left: where to ask what the account has left, for those who may send."""
    with session() as conn:
        price = read_senders(conn, request.workspace.pk)["sms"].part_price
        short = short_stand_in(conn, request.workspace.pk, sending())
    left = to(request, "sms_left") if may(request.membership, "editor") else ""
    return {"sms": sms_costs(request.workspace, read_draft(journey), price, request.formats, short=short), "left": left}


_ABOUT = {"road": _road, "people": _people, "cost": _cost}
