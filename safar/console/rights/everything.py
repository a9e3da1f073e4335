"""Everything that is kept of one person, made by a job and downloaded by whoever has shown lately who they are."""

from __future__ import annotations

from typing import Any

import psycopg
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, asked_lately, go, is_htmx, needs, to
from safar.console.contacts.common import unmerged, who
from safar.console.database import session
from safar.contacts.person_files import has_file, read_file
from safar.contacts.requests import EXPORT, find_open
from safar.events.jobs.queue import Job, jobs_about, read_job
from safar.journeys.everything.job import KIND, begin_export
from safar.journeys.everything.labels import SECTIONS


@require_http_methods(["GET", "HEAD", "POST"])
@needs("admin")
@asked_lately()
def begin(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``contacts/<number>/everything/``: says what goes into the file, and which were made. POST: make one, ``language`` of the page in it."""
    with session() as conn:
        person = unmerged(conn, request, contact)
        if request.method == "POST":
            language = "fa" if request.POST.get("language") == "fa" else "en"
            job = begin_export(
                conn, workspace_id=request.workspace.pk, contact=person.id, language=language, by=who(request)
            )
            record(request.workspace, who(request), "export_person", f"contact:{person.id}", {"job": job})
            return go(request, to(request, "everything_job", contact=contact, job=job))
        jobs = jobs_about(conn, request.workspace.pk, KIND, {"contact": person.id})
    own = "fa" if (person.language or request.workspace.language).startswith("fa") else "en"
    return render(request, "console/rights/everything.html", {"person": person, "jobs": jobs, "own": own})


@require_safe
@needs("admin")
def progress(request: ConsoleRequest, contact: int, job: int) -> HttpResponse:
    """``contacts/<number>/everything/<job>/``: how far it has come; by htmx the inner part alone."""
    with session() as conn:
        person = unmerged(conn, request, contact)
        found = _find(conn, request, contact, job)
        kept = has_file(conn, workspace_id=request.workspace.pk, contact=contact, job=job)
        asked = find_open(conn, request.workspace.pk, person.id, EXPORT)
    tongue = "fa" if (get_language() or "").startswith("fa") else "en"
    counted = [
        (SECTIONS.get(name, {}).get(tongue, name), many) for name, many in (found.told.get("rows") or {}).items()
    ]
    piece = "_everything.html" if is_htmx(request) else "everything_job.html"
    context = {"person": person, "job": found, "kept": kept, "counted": counted, "asked": asked}
    return render(request, f"console/rights/{piece}", context)


@require_safe
@needs("admin")
@asked_lately()
def file(request: ConsoleRequest, contact: int, job: int) -> HttpResponseBase:
    """``contacts/<number>/everything/<job>/file.zip``. It changes nothing: whether the person got it, and so was answered, is said by a button."""
    with session() as conn:
        unmerged(conn, request, contact)
        _find(conn, request, contact, job)
        pieces = list(read_file(conn, workspace_id=request.workspace.pk, contact=contact, job=job))
        if not pieces:
            raise Http404
        if request.method == "GET":
            record(request.workspace, who(request), "download_person", f"contact:{contact}", {"job": job})
    answer = HttpResponse(b"".join(pieces), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-contact-{contact}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def _find(conn: psycopg.Connection[Any], request: ConsoleRequest, contact: int, number: int) -> Job:
    found = read_job(conn, request.workspace.pk, number) if number < 2**63 else None
    if found is None or found.kind != KIND or found.asked.get("contact") != contact:
        raise Http404
    return found
