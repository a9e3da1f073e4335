"""The page of the look back: begun with a file of orders or with what is recorded, watched while it runs, and its result."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, is_htmx, needs, to
from safar.console.database import session
from safar.console.journeys.common import faults_json, who
from safar.console.lookback.result import draw_result
from safar.console.lookback.words import STAGES
from safar.events.jobs.queue import Job
from safar.journeys.lookback.asking import MOST, LookBacks, ask_recorded, put_orders, read_look_backs
from safar.journeys.readymade.using import known_site, use_ready_made
from safar.lib.faults import Fault, Refused

CONTROL_GROUP = 10  # per cent


@require_http_methods(["GET", "HEAD", "POST"])
@needs("viewer", write="editor")
def lookback(request: ConsoleRequest) -> HttpResponse:
    """``look-back/``: the last result, and how far a new one has come. POST ``file`` (orders), ``recorded``, or ``use`` (a ready-made one's key).

    htmx asks for the progress alone, and for the whole page when it is over.
    """
    with session() as conn:
        if request.method == "POST":
            return _act(conn, request)
        found = read_look_backs(conn, request.workspace.pk)
    if is_htmx(request):
        answer = render(request, "console/lookback/_progress.html", _progress(found.going))
        if found.going is None:
            answer["HX-Refresh"] = "true"
        return answer
    return render(request, "console/lookback/lookback.html", _shown(found))


def _act(conn: psycopg.Connection[Any], request: ConsoleRequest) -> HttpResponse:
    try:
        if key := request.POST.get("use"):
            return _use(request, key)
        if "recorded" in request.POST:
            job = ask_recorded(conn, request.workspace, by=who(request), now=datetime.now(UTC))
            record(request.workspace, who(request), "look_back", f"job:{job}", {"source": "recorded"})
            return go(request, to(request, "lookback"))
        return _upload(conn, request)
    except Refused as refused:
        for fault in faults_json(refused.faults):
            messages.error(request, fault["message"])
        return go(request, to(request, "lookback"))


def _upload(conn: psycopg.Connection[Any], request: ConsoleRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or not file.size:
        messages.error(request, _("Choose a file."))
        return go(request, to(request, "lookback"))
    try:
        if file.size > MOST:
            raise ValueError
        name = str(file.name)
        job = put_orders(conn, request.workspace, by=who(request), name=name, file=file.chunks())
    except ValueError:
        messages.error(request, _("The file is too large."))
        return go(request, to(request, "lookback"))
    return go(request, to(request, "lookback_file", job=job))


def _use(request: ConsoleRequest, key: str) -> HttpResponse:
    """Makes it a draft with a control group, so that what it earns is known and not hoped for."""
    site = known_site(request.workspace)
    used = use_ready_made(request.workspace, key, site=site, control_group=CONTROL_GROUP)
    if used.made:
        record(request.workspace, who(request), "make_journey", f"journey:{used.journey}")
    return go(request, to(request, "journey", key=used.journey))


def _shown(found: LookBacks) -> dict[str, Any]:
    kept, failed = found.kept, found.failed
    told = failed.told.get("faults", []) if failed else []
    return {
        "kept": kept,
        "result": draw_result(kept) if kept else None,
        "failed": failed,
        "faults": [each["message"] for each in faults_json([Fault(one["place"], one["message"]) for one in told])],
        "most": MOST >> 20,
        **_progress(found.going),
    }


def _progress(job: Job | None) -> dict[str, Any]:
    stage = job.told.get("stage", "") if job else ""
    return {"job": job, "stage": STAGES.get(stage, "")}
