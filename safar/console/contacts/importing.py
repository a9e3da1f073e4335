"""Contacts from a file: upload, say what the columns are, look at the first rows, watch it come in."""

from __future__ import annotations

import csv
import io
from typing import Any

import psycopg
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, is_htmx, needs, to
from safar.console.contacts import words
from safar.console.contacts.choices import as_said, chosen_columns, offered, offered_for
from safar.console.contacts.common import tell_faults, who
from safar.console.contacts.faults import say
from safar.console.database import session
from safar.contacts.export import safe
from safar.contacts.topics import CHANNEL_PREFIX, list_topics
from safar.events.imports.columns import check_columns
from safar.events.jobs.importing import KIND, MOST, look
from safar.events.jobs.queue import OPEN, Job, drop_job, list_jobs, put_job, read_job, start_job
from safar.events.message import Accepted
from safar.lib.faults import Refused

SHOWN_REFUSALS = 100


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def import_contacts(request: ConsoleRequest) -> HttpResponse:
    """``contacts/import/``: earlier imports, and a field for a file. POST ``file``: it is kept, and its columns are asked for."""
    with session() as conn:
        if request.method == "POST":
            return _upload(conn, request)
        jobs = list_jobs(conn, request.workspace.pk, KIND)
    return render(request, "console/contacts/import.html", {"jobs": jobs, "most": MOST >> 20})


def _upload(conn: psycopg.Connection[Any], request: ConsoleRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or not file.size:
        messages.error(request, _("Choose a file."))
        return go(request, to(request, "import_contacts"))
    asked = {"file": str(file.name)[:200], "size": file.size, "set_aside": True}
    try:
        if file.size > MOST:
            raise ValueError
        job = put_job(
            conn,
            workspace_id=request.workspace.pk,
            kind=KIND,
            by=who(request),
            asked=asked,
            file=file.chunks(),
            most=MOST,
        )
    except ValueError:
        messages.error(request, _("The file is too large."))
        return go(request, to(request, "import_contacts"))
    try:
        look(conn, job, None, set_aside=True)
    except Refused as refused:
        drop_job(conn, workspace_id=request.workspace.pk, job=job)
        tell_faults(request, refused)
        return go(request, to(request, "import_contacts"))
    return go(request, to(request, "import_job", job=job))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def import_job(request: ConsoleRequest, job: int) -> HttpResponse:
    """``contacts/import/<number>/``: while it is open, its columns; then its progress, and what was refused.

    POST ``column``, repeated (as in `choices`), ``set_aside``, and ``start`` to begin; without ``start`` the preview is read anew.
    """
    with session() as conn:
        found = _find(conn, request, job)
        if found.state == OPEN:
            return _choose(conn, request, found)
    piece = "_progress.html" if is_htmx(request) else "import_job.html"
    answer = render(request, f"console/contacts/{piece}", _shown(found))
    if is_htmx(request) and not found.going:
        answer["HX-Refresh"] = "true"  # it has ended: the whole page has more to say
    return answer


@require_POST
@needs("editor")
def drop_import(request: ConsoleRequest, job: int) -> HttpResponse:
    """``contacts/import/<number>/drop/``: take back a file whose columns were never confirmed."""
    with session() as conn:
        _find(conn, request, job)
        drop_job(conn, workspace_id=request.workspace.pk, job=job)
    return go(request, to(request, "import_contacts"))


@require_safe
@needs("editor")
def import_refused(request: ConsoleRequest, job: int) -> HttpResponse:
    """``contacts/import/<number>/refused.csv``: line, column and reason of what was left out, the first thousand."""
    with session() as conn:
        found = _find(conn, request, job)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["list", "line", "column", "reason"])
    for one in found.told.get("refusals", []):
        cells = [one.get("list", ""), str(one["line"]), one["place"], say(one["message"])]
        writer.writerow([safe(cell) for cell in cells])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{job}.csv"'
    return answer


def _find(conn: psycopg.Connection[Any], request: ConsoleRequest, number: int) -> Job:
    found = read_job(conn, request.workspace.pk, number) if number < 2**63 else None
    if found is None or found.kind != KIND:
        raise Http404
    return found


def _choose(conn: psycopg.Connection[Any], request: ConsoleRequest, job: Job) -> HttpResponse:
    posted = request.method == "POST"
    set_aside = "set_aside" in request.POST if posted else True
    tongue = "fa" if (get_language() or "").startswith("fa") else "en"
    topics = list_topics(conn, request.workspace.pk)
    groups = offered(topics, tongue)
    seen = look(conn, job.id, None, set_aside=set_aside)
    columns = chosen_columns(request.POST.getlist("column"), seen.header) if posted else seen.columns
    faults: list[str] = []
    if posted:
        try:
            check_columns(columns, len(seen.header))
            seen = look(conn, job.id, as_said(columns), set_aside=set_aside)
            if "start" in request.POST:
                asked = {"columns": as_said(columns), "set_aside": set_aside}
                if start_job(conn, workspace_id=request.workspace.pk, job=job.id, asked=asked):
                    details = {"file": job.asked["file"]}
                    record(request.workspace, who(request), "import_contacts", f"job:{job.id}", details)
                return go(request, to(request, "import_job", job=job.id))
        except Refused as refused:
            faults = [say(fault.message, fault.place) for fault in refused.faults]
    context = {
        "job": job,
        "form": seen.form,
        "columns": [
            (number, header, offered_for(header, column, groups), [row[0][number] for row in seen.rows[:4] if row[0][number : number + 1] not in ([], [""])])
            for number, (header, column) in enumerate(zip(seen.header, columns, strict=True))
        ],
        "rows": [_preview(row, line, read) for row, (line, read) in seen.rows[:10]],
        "set_aside": set_aside,
        "faults": faults,
        "groups": groups,
        "topic_titles": {each.key: each.called(tongue) for each in topics},
        "topic_states": words.TOPIC_STATES,
    }  # fmt: skip
    piece = "_choose.html" if is_htmx(request) else "import_choose.html"
    return render(request, f"console/contacts/{piece}", context, status=422 if faults and not is_htmx(request) else 200)


def _preview(cells: list[str], line: int, read: Any) -> dict[str, Any]:
    """A row as it will be read, or why it will not."""
    if isinstance(read, Accepted):
        rest = {
            words.TRAITS.get(name, name): value
            for name, value in (read.traits or {}).items()
            if name not in ("email", "phone")
        }
        said = {
            "id": read.names.user,
            "email": (read.traits or {}).get("email"),
            "phone": (read.traits or {}).get("phone"),
        }
        suppressed = (read.context or {})["import"].get("suppress", "")
        tags = (read.tags or {}).get("add", [])
        consents = [
            (name, state) for name, state in (read.consent or {}).items() if not name.startswith(CHANNEL_PREFIX)
        ]
        topics = [
            (name.removeprefix(CHANNEL_PREFIX), state)
            for name, state in (read.consent or {}).items()
            if name.startswith(CHANNEL_PREFIX)
        ]
        return {"line": line, **said, "traits": rest.items(), "tags": tags, "consent": consents, "topics": topics, "suppress": suppressed}  # fmt: skip
    return {"line": line, "fault": say(read.message, read.place), "cells": cells[:6]}


def _shown(job: Job) -> dict[str, Any]:
    refusals = [
        {"line": one["line"], "list": one.get("list", ""), "reason": say(one["message"], one["place"])}
        for one in job.told.get("refusals", [])[:SHOWN_REFUSALS]
    ]
    faults = [say(one["message"], one["place"]) for one in job.told.get("faults", [])]
    return {"job": job, "refusals": refusals, "faults": faults, "percent": round(job.share * 100)}
