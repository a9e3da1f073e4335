"""The page on which a segment is made or changed, with who is in it while one works."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, may, needs, to
from safar.console.forms import Form
from safar.console.journeys.common import faults_json, language, reading, who
from safar.console.journeys.island_words import island_words
from safar.console.segments.listing import SECONDS, find, title_of
from safar.console.templatetags.assets import icon_sprite
from safar.journeys.definition.dump import dump_yaml
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.forms import choice_words, condition_forms, operator_forms, path_words
from safar.journeys.offers import offers
from safar.journeys.segment_use import journeys_by_segment, put_segment, segments_by_segment
from safar.lib.faults import Fault, Faults, Refused
from safar.segments.catalog import Catalog
from safar.segments.models import Segment
from safar.segments.parse import parse_condition
from safar.segments.people import count_people, list_people
from safar.segments.reading import Condition
from safar.segments.services import read_segments

SAMPLE = 5
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
NEEDS_ENTRY = "entry"  # the kind of condition that only stands within a journey
BEGIN: dict[str, Any] = {"all": []}
_SAMPLE = """
SELECT c.id, coalesce(c.email, c.phone, c.external_id, c.key), c.traits ->> 'first_name', c.traits ->> 'last_name'
FROM unnest(%s::bigint[]) WITH ORDINALITY a (id, place) JOIN contact c ON c.bucket = a.id & 1023 AND c.id = a.id ORDER BY a.place
"""


class SegmentForm(Form):
    """title_fa, title_en: one is needed. condition: as text, YAML or JSON; the builder writes it."""

    title_fa = forms.CharField(label=gettext_lazy("Name in Persian"), max_length=200, required=False)
    title_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=64,
        required=False,
        widget=forms.TextInput({"dir": "ltr"}),
        help_text=gettext_lazy(
            "Latin letters, digits and hyphens; journeys and files name the segment by it. It never changes."
        ),
    )
    condition = forms.CharField(
        label=gettext_lazy("Condition as text"),
        max_length=100_000,
        widget=forms.Textarea({"dir": "ltr", "rows": 10, "class": "ltr", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if language() == "en":
            self.order_fields(["title_en", "title_fa", "key", "condition"])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("title_fa") and not found.get("title_en"):
            self.add_error("title_en" if language() == "en" else "title_fa", _("Give it a name."))
        key = found.get("key")
        if key and not KEY.fullmatch(key):
            self.add_error("key", _("Latin small letters, digits, - and _ only."))
        return found

    def title(self) -> dict[str, str]:
        texts = {tongue: self.cleaned_data.get(f"title_{tongue}", "").strip() for tongue in ("fa", "en")}
        return {tongue: text for tongue, text in texts.items() if text}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def new_segment(request: ConsoleRequest) -> HttpResponse:
    """``segments/new/``."""
    form = SegmentForm(request.POST or None, initial={"condition": _text(BEGIN)})
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("viewer", write="editor")
def segment(request: ConsoleRequest, key: str) -> HttpResponse:
    """``segments/<key>/``."""
    kept = find(request, key)
    title = kept.title if isinstance(kept.title, dict) else {}
    initial = {"title_fa": title.get("fa", ""), "title_en": title.get("en", "")}
    form = SegmentForm(request.POST or None, initial={**initial, "condition": _text(json.loads(kept.condition))})
    del form.fields["key"]
    return _page(request, form, kept)


@require_POST
@needs("viewer", write="viewer")
def preview(request: ConsoleRequest) -> HttpResponse:
    """``segments/preview/``: a piece. How many meet the condition that is posted as text, with some of them; or its faults."""
    try:
        data = _data(request.POST.get("condition", ""))
        if data == BEGIN:
            return render(request, "console/segments/_preview.html", {"nothing": True})
        condition = _read(request, data)
    except Refused as refused:
        return render(request, "console/segments/_preview.html", {"faults": faults_json(refused.faults)})
    conn = reading()
    counted = count_people(conn, request.workspace, condition, seconds=SECONDS)
    sample = []
    if counted.number:
        with conn.transaction():
            conn.execute("SELECT set_config('statement_timeout', '2s', true)")
            ids = list_people(conn, request.workspace, condition, limit=SAMPLE).ids
            sample = conn.execute(_SAMPLE, (list(ids),)).fetchall()
    people = [(id, " ".join(each for each in names if each), known_as) for id, known_as, *names in sample]
    return render(request, "console/segments/_preview.html", {"counted": counted, "people": people})


@require_POST
@needs("viewer", write="viewer")
def parse(request: ConsoleRequest) -> HttpResponse:
    """``segments/parse/``: {condition} of a text that somebody typed, for the builder; 422 {faults} where it is no data at all."""
    try:
        return JsonResponse({"condition": _data(request.POST.get("condition", ""))})
    except Refused as refused:
        return JsonResponse({"faults": faults_json(refused.faults)}, status=422)


def _page(request: ConsoleRequest, form: SegmentForm, kept: Segment | None) -> HttpResponse:
    faults: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _keep(request, form, kept)
        except Refused as refused:
            faults = faults_json(refused.faults)
    context = {
        "form": form,
        "segment": kept,
        "title": title_of(kept) if kept else "",
        "faults": faults,
        "journeys": journeys_by_segment(request.workspace).get(kept.key, []) if kept else [],
        "inside": segments_by_segment(request.workspace).get(kept.key, []) if kept else [],
        "island": _island(request, form),
    }
    return render(request, "console/segments/segment.html", context, status=422 if faults or form.errors else 200)


def _keep(request: ConsoleRequest, form: SegmentForm, kept: Segment | None) -> HttpResponse:
    key = kept.key if kept else form.cleaned_data["key"] or _free_key(request, form.title())
    if kept is None and Segment.objects.filter(workspace=request.workspace, key=key).exists():
        raise Refused([Fault("key", _("There is a segment of this key already."))])
    written = {"title": form.title(), "condition": _data(form.cleaned_data["condition"])}
    changed = put_segment(request.workspace, key, written)
    if changed:
        record(request.workspace, who(request), "put_segment", f"segment:{key}")
    messages.success(request, _("The segment is saved."))
    return go(request, to(request, "segments"))


def _island(request: ConsoleRequest, form: SegmentForm) -> dict[str, Any]:
    """What frontend/src/conditions/main.tsx begins with."""
    tongue = language()
    try:
        value = _data(str(form["condition"].value() or ""))
    except Refused:
        value = None
    return {
        "value": value,
        "parse": to(request, "segment_parse"),
        "mayEdit": may(request.membership, "editor"),
        "language": tongue,
        "zone": request.workspace.zone,
        "calendar": request.workspace.calendar,
        "sprite": icon_sprite(),
        "conditions": _forms(tongue),
        "operators": operator_forms(tongue),
        "paths": path_words(tongue),
        "choices": choice_words(tongue),
        "offers": offers(reading(), request.workspace, tongue),
        "words": island_words(),
    }


def _forms(tongue: str) -> list[dict[str, Any]]:
    """Forms of conditions without what only stands within a journey: its entry, and since when."""
    found = []
    for form in condition_forms(tongue):
        subjects = [
            {
                **subject,
                "parts": [part for part in subject["parts"] if part["name"] != "since"],
                "operators": [each for each in subject["operators"] if each != "same_as"],
            }
            for subject in form.get("subjects", ())
        ]
        if form["key"] != NEEDS_ENTRY:
            found.append({**form, "subjects": subjects} if subjects else form)
    return found


def _read(request: ConsoleRequest, data: Any) -> Condition:
    faults = Faults()
    condition = parse_condition(data, faults, Catalog(segments=read_segments(request.workspace)))
    if condition is None:
        raise Refused(faults)
    return condition


def _data(text: str) -> Any:
    if not text.strip():
        raise Refused([Fault("", _("Say who belongs to it."))])
    return load_yaml(text).data


def _text(condition: Any) -> str:
    return dump_yaml(condition) if isinstance(condition, dict) else json.dumps(condition, ensure_ascii=False)


def _free_key(request: ConsoleRequest, title: dict[str, str]) -> str:
    plain = unicodedata.normalize("NFKD", title.get("en", "")).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50] or "segment"
    taken = set(Segment.objects.filter(workspace=request.workspace).values_list("key", flat=True))
    taken |= {"new", "preview", "parse"}  # addresses of their own
    return stem if stem not in taken else next(k for n in range(2, 10_000) if (k := f"{stem}-{n}") not in taken)
