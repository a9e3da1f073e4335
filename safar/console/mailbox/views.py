"""The mailbox: a list, one message, and its HTML in a frame that can do nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from safar.channels.kept import Opened, open_kept, read_mailbox
from safar.console.access import ConsoleRequest

ROWS = 50
REASONS = {
    "mailbox": gettext_lazy("nothing is sent in this mode"),
    "not_team": gettext_lazy("not an address of the team"),
    "sms": gettext_lazy("no SMS provider is connected"),
    "notice": gettext_lazy("a notice to the team"),
}
# Nothing runs, nothing is sent, nothing leads away; pictures of elsewhere only when they are asked for.
FRAME = "default-src 'none'; style-src 'unsafe-inline'; img-src data:{pictures}; frame-ancestors 'self'; form-action 'none'; base-uri 'none'; sandbox"


@require_safe
def mailbox(request: ConsoleRequest) -> HttpResponse:
    """``mailbox/?before=<moment>``: the newest first."""
    before = _moment(request.GET.get("before", ""))
    with connection.cursor() as cursor:
        found = read_mailbox(cursor, request.workspace.pk, before=before, limit=ROWS + 1)
    context = {
        "messages_kept": [(one, REASONS.get(one.reason, one.reason)) for one in found[:ROWS]],
        "next": found[ROWS].at.isoformat() if len(found) > ROWS else "",
    }
    return render(request, "console/mailbox/list.html", context)


@require_safe
def message(request: ConsoleRequest, bucket: int, message_id: int) -> HttpResponse:
    """``mailbox/<bucket>/<id>/``."""
    opened = _opened(request, bucket, message_id)
    context = {
        "opened": opened,
        "reason": REASONS.get(opened.kept.reason, opened.kept.reason),
        "pictures": request.GET.get("pictures") == "1",
    }
    return render(request, "console/mailbox/message.html", context)


@xframe_options_sameorigin
@require_safe
def html(request: ConsoleRequest, bucket: int, message_id: int) -> HttpResponse:
    """``mailbox/<bucket>/<id>/html/``: the message's own HTML, for the frame in its page."""
    opened = _opened(request, bucket, message_id)
    answer = HttpResponse(opened.html, content_type="text/html; charset=utf-8")
    pictures = " https: http:" if request.GET.get("pictures") == "1" else ""
    answer["Content-Security-Policy"] = FRAME.format(pictures=pictures)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _opened(request: ConsoleRequest, bucket: int, message_id: int) -> Opened:
    if bucket >= 1024 or message_id >= 2**63:
        raise Http404
    with connection.cursor() as cursor:
        opened = open_kept(cursor, request.workspace.pk, bucket, message_id)
    if opened is None:
        raise Http404
    return opened


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
