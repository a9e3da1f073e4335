"""A file of orders before it is played: what its columns are taken for, and the first orders as they would be read."""

from __future__ import annotations

from typing import Any

import psycopg
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.journeys.common import faults_json, who
from safar.console.lookback.words import ROLES
from safar.events.jobs.queue import OPEN, Job, drop_job, read_job
from safar.journeys.lookback.asking import Look, ask_file, look
from safar.journeys.lookback.job import KIND
from safar.lib.faults import Refused

SHOWN = 8  # orders


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def lookback_file(request: ConsoleRequest, job: int) -> HttpResponse:
    """``look-back/<number>/``. POST a column's number for each role, and ``start`` to begin, ``drop`` to take the file back; without
    either the preview is read anew."""
    with session() as conn:
        found = _find(conn, request, job)
        if "drop" in request.POST:
            drop_job(conn, workspace_id=request.workspace.pk, job=found.id)
            return go(request, to(request, "lookback"))
        if found.state != OPEN:
            return go(request, to(request, "lookback"))
        return _choose(conn, request, found)


def _find(conn: psycopg.Connection[Any], request: ConsoleRequest, number: int) -> Job:
    found = read_job(conn, request.workspace.pk, number) if number < 2**63 else None
    if found is None or found.kind != KIND:
        raise Http404
    return found


def _choose(conn: psycopg.Connection[Any], request: ConsoleRequest, job: Job) -> HttpResponse:
    chosen = _chosen(request) if request.method == "POST" else None
    seen, faults = None, []
    try:
        seen = look(conn, job, chosen)
        faults = list(seen.faults)
        if "start" in request.POST and not faults:
            if ask_file(conn, request.workspace.pk, job.id, seen.columns):
                details = {"source": "file", "file": job.asked["file"]}
                record(request.workspace, who(request), "look_back", f"job:{job.id}", details)
            return go(request, to(request, "lookback"))
    except Refused as refused:
        faults = list(refused.faults)
    context = {
        "job": job,
        "roles": _roles(seen) if seen else [],
        "orders": seen.orders[:SHOWN] if seen else [],
        "faults": faults_json(faults),
    }
    return render(request, "console/lookback/file.html", context, status=422 if faults and chosen is not None else 200)


def _chosen(request: ConsoleRequest) -> dict[str, int]:
    """role → column; what is no number, or empty, is not chosen."""
    given = {role: request.POST.get(role, "") for role in ROLES}
    return {role: int(number) for role, number in given.items() if number.isdecimal() and len(number) < 5}


def _roles(seen: Look) -> list[tuple[str, Any, list[tuple[int, str, bool]]]]:
    """(role, its name, its choices: number, header, whether it is the one)."""
    columns = list(enumerate(seen.header))
    return [
        (role, name, [(number, header, seen.columns.get(role) == number) for number, header in columns])
        for role, name in ROLES.items()
    ]
