"""The list of journeys, and a new one: empty, ready-made, or from a file."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.forms import Form
from safar.console.journeys.common import faults_json, language, reading, title_of, who
from safar.console.journeys.reckoned import lift_json, money_of, read_reckoned
from safar.journeys.drafts import EMPTY, Draft, free_key, make_journey, read_draft, read_text
from safar.journeys.overview import Line, read_overview
from safar.journeys.readymade.shelf import list_ready_made
from safar.journeys.readymade.using import known_site, use_ready_made
from safar.lib.faults import Fault, Refused

LARGEST = 512 * 1024


class NewJourney(Form):
    """title: in the page's language; the key is made from it where none is given."""

    title = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    key = forms.SlugField(
        label=gettext_lazy("Key"),
        max_length=64,
        required=False,
        help_text=gettext_lazy(
            "Latin letters, digits and hyphens. It never changes; files and reports name the journey by it."
        ),
    )


@require_safe
def journeys(request: ConsoleRequest) -> HttpResponse:
    """``journeys/``: state, version, people on the road, entered, goals, what was earned and what it cost, lift."""
    lines = read_overview(reading(), request.workspace)
    reckoned = read_reckoned(request)
    shown = [
        (line, _title(line), money_of(reckoned, request.formats, line.journey.pk), lift_json(reckoned, line.journey.pk))
        for line in lines
    ]
    return render(request, "console/journeys/journeys.html", {"lines": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def new_journey(request: ConsoleRequest) -> HttpResponse:
    """``journeys/new/``. POST: title and key of an empty one, ``ready`` (a ready-made one's key), or ``file`` or ``text`` (YAML)."""
    form = NewJourney(request.POST if request.method == "POST" else None)
    faults: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, form.cleaned_data["title"], form.cleaned_data["key"])
        except Refused as refused:
            faults = faults_json(refused.faults)
        else:
            record(request.workspace, who(request), "make_journey", f"journey:{made}")
            return go(request, to(request, "journey", key=made))
    context = {
        "form": form,
        "faults": faults,
        "ready": list_ready_made(language()),
        "text": request.POST.get("text", ""),
    }
    return render(request, "console/journeys/new.html", context, status=422 if faults else 200)


def _make(request: ConsoleRequest, title: str, key: str) -> str:
    """Makes what the form asks for and gives its key. Raises Refused."""
    if ready := request.POST.get("ready"):
        return use_ready_made(request.workspace, ready, site=known_site(request.workspace)).journey
    draft = _asked(request, title)
    wanted = key or free_key(request.workspace, str(draft.get("journey") or "") or _key_of(title))
    return make_journey(request.workspace, draft, key=wanted, by=who(request)).key


def _asked(request: ConsoleRequest, title: str) -> Draft:
    """The draft that the form asks for. Raises Refused for a file that is none."""
    file = request.FILES.get("file")
    if file is not None:
        if (file.size or 0) > LARGEST:
            raise Refused([Fault("file", _("The file is too large for a journey."))])
        return read_text(file.read())
    if text := request.POST.get("text", "").strip():
        return read_text(text)
    return {"title": {language(): title}, **EMPTY} if title else EMPTY


def _key_of(title: str) -> str:
    """A key out of a title; ``journey`` where it has no Latin letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:60]
    return key if re.match(r"[a-z]", key) else "journey"


def _title(line: Line) -> str:
    return title_of(read_draft(line.journey), line.journey.key, language())
