"""What people asked for by right, with the day by which the law wants an answer: put down by members, or by people themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.contacts.common import unmerged, who
from safar.console.database import session
from safar.console.rights import words
from safar.contacts.requests import CONTACT, DONE, OPEN, REFUSED, ask, end_request, list_requests

ROWS = 50
SOON = timedelta(days=7)
LONGEST = 300


@require_safe
def requests(request: ConsoleRequest) -> HttpResponse:
    """``requests/?state=open&before=…``: the newest first."""
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    state = state if state in words.REQUEST_STATES else ""
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 2**62
    with session() as conn:
        found = list_requests(conn, request.workspace.pk, state=state, before=number, size=ROWS + 1)
    now = datetime.now(UTC)
    rows = [
        {
            "one": one,
            "kind": words.KINDS[one.kind],
            "state": words.REQUEST_STATES[one.state],
            "colour": words.REQUEST_COLOURS[one.state],
            "late": one.state == OPEN and one.due_at < now,
            "soon": one.state == OPEN and now <= one.due_at < now + SOON,
            "by_contact": one.by == CONTACT,
        }
        for one in found[:ROWS]
    ]
    context = {
        "rows": rows,
        "state": state,
        "states": words.REQUEST_STATES,
        "next": found[ROWS - 1].id if len(found) > ROWS else None,
    }
    return render(request, "console/rights/requests.html", context)


@require_POST
@needs("admin")
def end(request: ConsoleRequest, number: int) -> HttpResponse:
    """``requests/<number>/end/``: ``state`` is done or refused (then with a ``reason``)."""
    state = REFUSED if request.POST.get("state") == REFUSED else DONE
    reason = request.POST.get("reason", "").replace("\0", "").strip()[:LONGEST]
    if state == REFUSED and not reason:
        messages.error(request, _("Say why it is refused: the person has a right to know."))
        return go(request, to(request, "requests"))
    with session() as conn:
        if not end_request(
            conn, workspace_id=request.workspace.pk, by=who(request), state=state, id=number, reason=reason
        ):
            raise Http404
    record(request.workspace, who(request), "end_request", f"request:{number}", {"state": state})
    messages.success(request, _("The request is answered."))
    return go(request, to(request, "requests"))


@require_POST
@needs("editor")
def put_down(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``contacts/<number>/request/``: ``kind`` is export or erase: somebody asked by mail, or in the shop."""
    kind = request.POST.get("kind", "")
    if kind not in words.KINDS:
        raise Http404
    with session() as conn:
        person = unmerged(conn, request, contact)
        ask(conn, workspace_id=request.workspace.pk, contact=person.id, kind=kind, by=who(request))
    record(request.workspace, who(request), "put_down_request", f"contact:{contact}", {"kind": kind})
    messages.success(request, _("The request is put down."))
    return go(request, to(request, "requests"))
