"""The versions of a journey, and how an old one becomes the draft again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.journeys.change_words import say_changes
from safar.console.journeys.common import faults_json, find, language, reading, title_of, who
from safar.journeys.definition.diff import diff_definitions
from safar.journeys.drafts import read_draft, restore_version
from safar.journeys.living import shown_version
from safar.journeys.models import Version
from safar.lib.faults import Refused

_PEOPLE = "SELECT version_id, count(*) FROM enrollment WHERE journey_id = %s AND state = 0 GROUP BY 1"


@require_safe
def versions(request: ConsoleRequest, key: str) -> HttpResponse:
    """Newest first: when, how many people are on the road by it, what it changed."""
    journey = find(request, key)
    found = list(Version.objects.filter(journey=journey).order_by("-number"))
    people = dict(reading().execute(_PEOPLE, (journey.pk,)).fetchall())
    before = [*found[1:], None]
    lines = [
        {"version": each, "people": people.get(each.pk, 0), "changes": _changes(request, each, older)}
        for each, older in zip(found, before, strict=True)
    ]
    title = title_of(read_draft(journey), key, language())
    return render(request, "console/journeys/versions.html", {"journey": journey, "title": title, "lines": lines})


@require_POST
@needs("editor")
def restore(request: ConsoleRequest, key: str, number: int) -> HttpResponse:
    """The draft becomes that version; whoever wants it live publishes it."""
    find(request, key)
    try:
        restore_version(request.workspace, key, number, by=who(request))
    except Refused as refused:
        for fault in faults_json(refused.faults):
            messages.error(request, fault["message"])
        return go(request, to(request, "journey_versions", key=key))
    record(request.workspace, who(request), "restore_version", f"journey:{key}", {"version": number})
    shown = request.formats.number(number)
    messages.success(
        request, _("The draft is what version %(number)s was. Publish it to make it live.") % {"number": shown}
    )
    return go(request, to(request, "journey", key=key))


def _changes(request: ConsoleRequest, version: Version, older: Version | None) -> list[str] | None:
    """What this version changed, a line each; None for the first one, or where one of them cannot be read any more."""
    if older is None:
        return None
    try:
        old, new = (shown_version(request.workspace, each).definition for each in (older, version))
    except Refused:
        return None
    return [each["said"] for each in say_changes(diff_definitions(old, new), old, new, language())]
