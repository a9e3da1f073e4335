"""The people behind a figure of the map, a page at a time."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest, is_htmx, to
from safar.console.journeys.common import find, language, reading, title_of
from safar.console.journeys.island_words import WORDS
from safar.journeys.definition.describe import start_summary
from safar.journeys.drafts import read_draft
from safar.journeys.forms import path_words
from safar.journeys.living import Shown, shown_version
from safar.journeys.models import Version
from safar.journeys.travellers import list_travellers


@require_safe
def people(request: ConsoleRequest, key: str) -> HttpResponse:
    """``?point=points.greet&figure=standing``, with ?name= (a path or a reason), ?version= and ?after= to go on."""
    journey = find(request, key)
    asked = request.GET
    if "point" not in asked:
        return redirect(to(request, "journey", key=key))
    number = asked.get("version", "")
    versions = Version.objects.filter(journey=journey)
    version = versions.filter(number=int(number)).first() if number.isdecimal() else versions.filter(live=True).first()
    if version is None:
        raise Http404
    point, figure, name = asked.get("point", ""), asked.get("figure", "entered"), asked.get("name", "")
    try:
        shown = shown_version(request.workspace, version)
        page = list_travellers(
            reading(),
            shown,
            point=point,
            figure=figure,
            name=name,
            after=asked.get("after", ""),
        )
    except ValueError:
        raise Http404 from None
    following = asked.copy()
    following["after"] = page.after
    context = {
        "journey": journey,
        "title": title_of(read_draft(journey), key, language()),
        "point": point.partition(".")[2],
        "said": _say_point(shown, point),
        "figure": figure,
        "name": path_words(language()).get(name, name) if figure == "path" else say_reason(name),
        "version": version,
        "people": [(each, _contact(request, each.contact_id), say_reason(each.reason)) for each in page.people],
        "following": f"?{following.urlencode()}" if page.after else "",
    }
    piece = "_people.html" if is_htmx(request) else "people.html"
    return render(request, f"console/journeys/{piece}", context)


def say_reason(reason: str) -> str:
    """Why somebody left, in the page's language; as it stands where the journey's own words say it."""
    word = f"reason_{reason}"
    return gettext(WORDS[word]) if word in WORDS else reason


def _say_point(shown: Shown, point: str) -> str:
    """The point's line on the map."""
    section, _, key = point.partition(".")
    if section == "start":
        start = next(each for each in shown.definition.starts if each.key == key)
        return start_summary(start, language())
    return shown.definition.point(key).summary(language())


def _contact(request: ConsoleRequest, contact: int) -> str:
    """The contact's page, where there is one."""
    try:
        return to(request, "contact", contact)
    except NoReverseMatch:
        return ""
