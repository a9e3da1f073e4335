"""Taking a demo workspace away, with everything in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs
from safar.console.database import session
from safar.journeys.removing import remove_workspace


@needs("owner")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: ConsoleRequest) -> HttpResponse:
    """``settings/delete/``: asks, and by POST does it. Only of demos: a real business is no click away from its end."""
    workspace = request.workspace
    if not workspace.demo:
        raise Http404
    if request.method != "POST":
        return render(request, "console/settings/delete.html", {"tab": "settings"})
    with session() as conn:
        conn.execute("SET statement_timeout = '10min'")
        remove_workspace(conn, workspace.pk)
    record(None, request.user.email, "remove_workspace", f"workspace:{workspace.pk}", {"slug": workspace.slug})
    messages.success(request, _("The demo is deleted."))
    return go(request, "/")
