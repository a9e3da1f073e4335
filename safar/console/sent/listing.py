"""The list of sent messages, narrowed by what stands in its address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safar.accounts.changes import MODES
from safar.channels.sent import Asked, Line, Page, count_doubted, list_sent
from safar.channels.services.own import read_services
from safar.console.access import ConsoleRequest
from safar.console.journeys.common import language, reading, title_of
from safar.console.sent.words import CHANNELS, COLOURS, FILTERS, REASONS, STATES, reason_of, state_of
from safar.journeys.drafts import read_draft
from safar.journeys.models import Journey

ROWS = 50
PARTS = ("state", "channel", "journey", "point", "variant", "reason")  # of the address


@require_safe
def sent(request: ConsoleRequest) -> HttpResponse:
    """``sent/?state=failed&channel=email&journey=welcome&point=hello&variant=B&reason=…&after=…``: the newest first."""
    given = {name: request.GET.get(name, "") for name in PARTS}
    journeys = {one.key: one for one in Journey.objects.filter(workspace=request.workspace).order_by("-id")}
    titles = {one.pk: title_of(read_draft(one), key, language()) for key, one in journeys.items()}
    page = _read(request, given, journeys)
    following = request.GET.copy()
    following["after"] = page.following
    chosen = journeys.get(given["journey"])
    context = {
        "rows": [shown(line, titles) for line in page.lines],
        "page": page,
        "following": f"?{following.urlencode()}" if page.following else "",
        "given": given,
        "narrowed": any(given.values()),
        "states": FILTERS,
        "channels": CHANNELS,
        "journeys": [(key, titles[one.pk]) for key, one in journeys.items()],
        "points": _points(chosen) if chosen else [],
        "reasons": sorted(REASONS.items(), key=lambda one: str(one[1])),
        "doubted": count_doubted(reading(), request.workspace.pk),
        "stays": stays(request),
    }
    return render(request, "console/sent/sent.html", context)


def shown(line: Line, titles: dict[int, str]) -> dict[str, Any]:
    """A line with its words."""
    state = state_of(line)
    return {
        "line": line,
        "state": STATES.get(state, state),
        "colour": COLOURS.get(state, "blue"),
        "reason": reason_of(line),
        "journey": titles.get(line.journey_id, line.journey_key or ""),
        "words": line.subject or ("" if line.kind == "webhook" else " ".join((line.beginning or "").split())),
    }


def stays(request: ConsoleRequest) -> bool:
    """Whether nothing leaves the house, by the workspace's mode or the installation's."""
    leaves = settings.SAFAR.email_url or read_services(reading(), request.workspace.pk)
    house = settings.SAFAR.send_mode if leaves else MODES[0]
    return MODES[0] in (house, request.workspace.send_mode)


def _read(request: ConsoleRequest, given: dict[str, str], journeys: dict[str, Journey]) -> Page:
    if given["journey"] and given["journey"] not in journeys:
        raise Http404
    narrowed: dict[str, Any] = {name: given[name] for name in PARTS if name != "journey"}
    if given["journey"]:
        narrowed["journey_id"] = journeys[given["journey"]].pk
    try:
        after = request.GET.get("after", "")
        return list_sent(reading(), request.workspace.pk, Asked(**narrowed), after=after, size=ROWS)
    except ValueError:
        raise Http404 from None


def _points(journey: Journey) -> list[str]:
    """Points of its draft that send something, in its order."""
    points = read_draft(journey)
    found = points.get("points") if isinstance(points, dict) else None
    if not isinstance(found, dict):
        return []
    return [
        key for key, point in found.items() if isinstance(point, dict) and ("template" in point or "variants" in point)
    ]
