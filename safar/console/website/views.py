"""Forms and pop-ups: the list, the page on which one is drawn, taking one away."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.forms import add_faults
from safar.console.journeys.common import language
from safar.console.website.choosing import choices_of
from safar.console.website.drawing import FormForm, form_of, initial_of
from safar.console.website.figures import figures_of, since_of
from safar.lib.faults import Refused
from safar.website.form import PAGE
from safar.website.keeping import delete_form, list_forms, save_form


@require_safe
def website(request: ConsoleRequest) -> HttpResponse:
    """``website/``: every form, with the address of its page and what it brought in the last 30 days."""
    with session() as conn:
        found = list_forms(conn, request.workspace.pk)
        brought = figures_of(conn, request.workspace.pk, [one.form.key for one in found], since_of(request))
    lines = [
        (
            one,
            one.form.called(one.form.title, language()),
            f"{settings.SAFAR.public_url}/f/{one.token}",
            *brought[one.form.key],
        )
        for one in found
    ]
    return render(request, "console/website/list.html", {"forms": lines})


@needs("editor")
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: ConsoleRequest, key: str = "") -> HttpResponse:
    """``website/new/`` and ``website/<key>/``."""
    with session() as conn:
        kept = next((one for one in list_forms(conn, request.workspace.pk) if one.form.key == key), None)
        if key and kept is None:
            raise Http404
        line, earned = figures_of(conn, request.workspace.pk, [key], since_of(request))[key] if kept else (None, None)
        drawn = FormForm(
            request.POST or None,
            initial=initial_of(kept.form, live=kept.live) if kept else None,
            fresh=kept is None,
            **choices_of(request, conn),
        )
        if request.method == "POST" and drawn.is_valid():
            wanted = form_of(key or drawn.cleaned_data["key"].strip(), drawn.cleaned_data)
            live = drawn.cleaned_data["live"]
            try:
                save_form(conn, request.workspace.pk, wanted, live=live, fresh=kept is None)
            except Refused as refused:
                add_faults(drawn, refused)
            else:
                record(request.workspace, request.user.email, "save_form", f"form:{wanted.key}", {"live": live})
                messages.success(request, _("Saved. Pages have it within a minute."))
                return go(request, to(request, "form", key=wanted.key))
    context = {
        "form": drawn,
        "kept": kept,
        "line": line,
        "earned": earned,
        "embed": kept.form.kind != PAGE if kept else False,
        "address": f"{settings.SAFAR.public_url}/f/{kept.token}" if kept else "",
        "box": f'<div data-safar-form="{kept.token}"></div>' if kept else "",
    }
    return render(request, "console/website/form.html", context)


@needs("editor")
@require_POST
def delete(request: ConsoleRequest, key: str) -> HttpResponse:
    """``website/<key>/delete/``."""
    with session() as conn:
        if not delete_form(conn, request.workspace.pk, key):
            raise Http404
    record(request.workspace, request.user.email, "delete_form", f"form:{key}")
    messages.success(request, _("The form is taken away. What was filled in stays with the contacts."))
    return go(request, to(request, "website"))
