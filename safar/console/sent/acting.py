"""A person closes a doubt: the message goes once more, or is taken for sent."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as flash
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.sent.opening import find
from safar.outbox import resolve
from safar.outbox.rows import CHANNEL


@require_POST
@needs("editor")
def resend(request: ConsoleRequest, bucket: int, number: int) -> HttpResponse:
    """``sent/<bucket>/<number>/resend/``: it may arrive twice."""
    return _decide(request, bucket, number, resolve.resend, "resend_message", _("It goes out once more."))


@require_POST
@needs("editor")
def assume(request: ConsoleRequest, bucket: int, number: int) -> HttpResponse:
    """``sent/<bucket>/<number>/assume/``: as if it had arrived."""
    return _decide(request, bucket, number, resolve.assume_sent, "assume_sent", _("It counts as sent."))


def _decide(
    request: ConsoleRequest, bucket: int, number: int, act: Callable[..., bool], action: str, said: str
) -> HttpResponse:
    find(request, bucket, number)
    with session() as conn:
        done = act(conn, workspace_id=request.workspace.pk, bucket=bucket, id=number)
        conn.execute(f"NOTIFY {CHANNEL}")
    if done:
        record(request.workspace, request.user.email, action, f"message:{bucket}-{number}")
        flash.success(request, said)
    else:
        flash.error(request, _("It is not in doubt any more."))
    return go(request, to(request, "sent_message", bucket=bucket, number=number))
