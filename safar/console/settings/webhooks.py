"""Webhooks: the addresses that are told of events, those that do not answer, the secrets that sign, what became of the calls, and calling again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from safar.accounts.services import record
from safar.channels.webhooks.deliveries import call_again, list_deliveries
from safar.channels.webhooks.pausing import list_failing
from safar.channels.webhooks.secrets import LIVE, drop_secret, list_secrets, make_secret
from safar.channels.webhooks.subscriptions import MOST, list_subscriptions
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.faults import say
from safar.console.settings.own_service import sending
from safar.lib.faults import Refused

STATES = {
    "pending": gettext_lazy("waits"),
    "sending": gettext_lazy("is being called"),
    "retry_wait": gettext_lazy("is tried again"),
    "accepted": gettext_lazy("answered"),
    "failed": gettext_lazy("failed"),
    "skipped": gettext_lazy("not called"),
    "in_doubt": gettext_lazy("in doubt"),
    "assumed_sent": gettext_lazy("taken as called"),
}


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: ConsoleRequest) -> HttpResponse:
    """``settings/webhooks/``: addresses, secrets and calls (``?trouble``: those that were not answered; ``?after``: older ones); by POST a new
    secret, shown this once."""
    workspace, made = request.workspace, ""
    trouble = "trouble" in request.GET
    with session() as conn:
        if request.method == "POST":
            try:
                made = make_secret(conn, workspace.pk, sending().secret_keys)
                record(workspace, request.user.email, "make_webhook_secret", "webhook")
            except Refused as refused:
                messages.error(request, say(refused.faults[0].message))
        secrets = list_secrets(conn, workspace.pk)
        try:
            page = list_deliveries(conn, workspace.pk, trouble=trouble, after=request.GET.get("after", ""))
        except ValueError:
            raise Http404 from None
        addresses, failing = list_subscriptions(conn, workspace.pk), list_failing(conn, workspace.pk)
    context = {
        "secrets": secrets,
        "made": made,
        "room": len(secrets) < LIVE,
        "addresses": addresses,
        "more_addresses": len(addresses) < MOST,
        "failing": failing,
        "live": workspace.send_mode == "live",
        "trouble": trouble,
        "page": page,
        "calls": [(one, STATES.get(one.state, one.state)) for one in page.calls],
        "tab": "webhooks",
    }
    return render(request, "console/settings/webhooks.html", context)


@needs("admin")
@require_POST
def drop(request: ConsoleRequest, number: int) -> HttpResponse:
    """``settings/webhooks/<number>/drop/``: a secret signs no more."""
    with session() as conn:
        if not drop_secret(conn, request.workspace.pk, number):
            raise Http404
        record(request.workspace, request.user.email, "drop_webhook_secret", f"webhook:{number}")
    messages.success(request, _("The secret signs no more."))
    return go(request, to(request, "webhooks"))


@needs("admin")
@require_POST
def again(request: ConsoleRequest, bucket: int, number: int) -> HttpResponse:
    """``settings/webhooks/<bucket>-<number>/again/``: the same call once more."""
    with session() as conn:
        if bucket > 1023 or number >= 2**63 or not call_again(conn, request.workspace.pk, bucket, number):
            raise Http404
        record(request.workspace, request.user.email, "call_webhook_again", f"message:{bucket}-{number}")
    messages.success(request, _("It is called again."))
    return go(request, to(request, "webhooks"))
