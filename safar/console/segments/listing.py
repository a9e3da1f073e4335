"""The list of segments: what each says, how many are in it, who uses it; counting and deleting one."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.journeys.common import language, reading, who
from safar.journeys.saying import say_condition
from safar.journeys.segment_use import delete_segment, journeys_by_segment, segments_by_segment
from safar.lib.faults import Refused, Said
from safar.lib.thrifty import Thrifty
from safar.segments.models import Segment
from safar.segments.people import count_people
from safar.segments.services import read_segments

SECONDS = 2.0
_MEMBERS = "SELECT segment_id, count(*) FROM segment_member WHERE segment_id = ANY (%s) GROUP BY 1"
_members: Thrifty[dict[int, int]] = Thrifty(least=5.0, most=300.0)


@dataclass(frozen=True)
class Line:
    """members: of a watched one, as it is kept; None: to be counted. journeys, segments: keys of who uses it."""

    segment: Segment
    title: str
    said: str
    members: int | None
    journeys: list[str]
    segments: list[str]


@require_safe
def segments(request: ConsoleRequest) -> HttpResponse:
    """``segments/``."""
    kept = list(Segment.objects.filter(workspace=request.workspace).order_by("id"))
    ids = [each.pk for each in kept]
    members = _members.get(request.workspace.pk, lambda: dict(reading().execute(_MEMBERS, (ids,)).fetchall()))
    journeys, inside = journeys_by_segment(request.workspace), segments_by_segment(request.workspace)
    lines = [
        Line(
            each,
            title_of(each),
            say_condition(json.loads(each.condition), language()),
            members.get(each.pk),
            journeys.get(each.key, []),
            inside.get(each.key, []),
        )
        for each in kept
    ]
    return render(request, "console/segments/segments.html", {"lines": lines})


@require_safe
def count(request: ConsoleRequest, key: str) -> HttpResponse:
    """``segments/<key>/count/``: a piece of the list. Two seconds at most."""
    find(request, key)
    condition = read_segments(request.workspace).get(key)
    counted = count_people(reading(), request.workspace, condition, seconds=SECONDS) if condition else None
    return render(request, "console/segments/_count.html", {"counted": counted})


@require_POST
@needs("editor")
def delete(request: ConsoleRequest, key: str) -> HttpResponse:
    """Refused while a journey, another segment or a form names it."""
    found = find(request, key)
    try:
        with session() as conn:
            delete_segment(request.workspace, key, connection=conn)
    except Refused as refused:
        users = [str(fault.message.values["name"]) for fault in refused.faults if isinstance(fault.message, Said)]
        said = _("“%(title)s” stays: %(users)s would not work without it.")
        messages.error(request, said % {"title": title_of(found), "users": ", ".join(users)})
    else:
        record(request.workspace, who(request), "delete_segment", f"segment:{key}")
        messages.success(request, _("The segment is deleted."))
    return go(request, to(request, "segments"))


def find(request: ConsoleRequest, key: str) -> Segment:
    """The segment of this workspace, or 404."""
    found = Segment.objects.filter(workspace=request.workspace, key=key).first()
    if found is None:
        raise Http404
    return found


def title_of(segment: Segment) -> str:
    """In the page's language, else in another, else the key."""
    title = segment.title if isinstance(segment.title, dict) else {}
    return title.get(language()) or next((text for text in title.values() if text), "") or segment.key
