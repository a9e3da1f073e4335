"""What a form will look like, drawn from what stands in the page at the moment; nothing is kept, and nothing can be sent from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from safar.console.access import ConsoleRequest, needs
from safar.console.database import session
from safar.console.website.choosing import choices_of
from safar.console.website.drawing import FormForm, form_of
from safar.contacts.privacy import read_privacy
from safar.website.form import LANGUAGES, PAGE
from safar.website.guards import present
from safar.website.keeping import Kept
from safar.website.page import draw
from safar.website.telling import as_told

FRAME = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"


@xframe_options_sameorigin
@require_POST
@needs("editor")
def preview(request: ConsoleRequest) -> HttpResponse:
    """``website/new/preview/``: {fields of the page, preview_language, preview_as: site | page}, in a frame."""
    with session() as conn:
        drawn = FormForm(request.POST, fresh=False, **choices_of(request, conn))
        accent = read_privacy(conn, request.workspace.pk).accent
    form = form_of("preview", _as_far_as_right(drawn))
    kept = Kept(request.workspace.pk, "preview", True, form, request.workspace.name, request.workspace.language, accent)
    asked = request.POST.get("preview_language", "")
    language = form.spoken(asked if asked in LANGUAGES else "", request.workspace.language)
    if form.kind == PAGE or request.POST.get("preview_as") == PAGE:
        answer = draw(request, kept, language, {})
        policy = answer["Content-Security-Policy"].replace("form-action 'self'", "form-action 'none'")
        answer["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        return answer
    told = as_told(kept, language, present())
    answer = render(request, "console/website/preview.html", {"told": told, "language": language, "dir": told["dir"]})
    answer["Content-Security-Policy"] = FRAME
    return answer


def _as_far_as_right(drawn: FormForm) -> dict[str, Any]:
    """What was typed; what is wrong or half written as it stands at first."""
    drawn.is_valid()
    return {name: drawn.cleaned_data.get(name, field.initial or "") for name, field in drawn.fields.items()}
