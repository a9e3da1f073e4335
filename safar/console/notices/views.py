"""What the team was told, or is to be: every notice, narrowed by what stands in the address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safar.channels.notices.destinations import list_destinations
from safar.channels.notices.listing import STATES as WHICH
from safar.channels.notices.listing import Asked, Notice, list_notices
from safar.console.access import ConsoleRequest
from safar.console.journeys.common import language, reading, title_of
from safar.console.notices.words import ABOUT, COLOURS, FILTERS, STATES, reason_of, state_of
from safar.journeys.drafts import read_draft
from safar.journeys.models import Journey

PARTS = ("state", "about", "journey", "destination")  # of the address


@require_safe
def notices(request: ConsoleRequest) -> HttpResponse:
    """``notices/?state=failed&about=warnings&journey=welcome&destination=3&after=…``: the newest first."""
    given = {name: request.GET.get(name, "") for name in PARTS}
    journeys = {one.key: one for one in Journey.objects.filter(workspace=request.workspace).order_by("-id")}
    titles = {one.pk: title_of(read_draft(one), key, language()) for key, one in journeys.items()}
    places = list_destinations(reading(), request.workspace.pk)
    page = _read(request, given, journeys, {str(one.id): one.id for one in places})
    following = request.GET.copy()
    following["after"] = page.following
    context = {
        "rows": [_row(one, titles) for one in page.notices],
        "page": page,
        "following": f"?{following.urlencode()}" if page.following else "",
        "given": given,
        "narrowed": any(given.values()),
        "states": FILTERS,
        "about": ABOUT,
        "journeys": [(key, titles[one.pk]) for key, one in journeys.items()],
        "places": [(str(one.id), one.name) for one in places],
        "refused": [one for one in places if one.paused_for],
    }
    return render(request, "console/notices/notices.html", context)


def _read(request: ConsoleRequest, given: dict[str, str], journeys: dict[str, Journey], places: dict[str, int]) -> Any:
    """404 for what no page offers."""
    known = (
        given["state"] in ("", *WHICH)
        and given["about"] in ABOUT
        and given["journey"] in ("", *journeys)
        and given["destination"] in ("", *places)
    )
    if not known:
        raise Http404
    asked = Asked(
        state=given["state"],
        about=given["about"],
        journey_id=journeys[given["journey"]].pk if given["journey"] else 0,
        destination=places[given["destination"]] if given["destination"] else 0,
    )
    try:
        return list_notices(reading(), request.workspace.pk, asked, after=request.GET.get("after", ""))
    except ValueError:
        raise Http404 from None


def _row(one: Notice, titles: dict[int, str]) -> dict[str, Any]:
    """A notice with its words."""
    told = []
    for telling in one.tellings:
        state = state_of(telling)
        told.append(
            {
                "telling": telling,
                "state": STATES[state],
                "colour": COLOURS.get(state, "blue"),
                "reason": reason_of(telling),
            }
        )
    return {
        "notice": one,
        "text": one.texts.get(language()) or next(iter(one.texts.values()), ""),
        "journey": titles.get(one.journey_id, one.journey_key or ""),
        "told": told,
    }
