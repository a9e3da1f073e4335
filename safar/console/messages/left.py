"""What is left of the SMS account's money, for whoever is about to send: a piece of a page, or JSON for an island."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest, needs
from safar.console.credit import ask_left
from safar.console.database import session
from safar.console.messages.trying import sending


@require_safe
@needs("editor")
def sms_left(request: ConsoleRequest) -> HttpResponse:
    """``messages/left/``; with ``?as=json``: {said, known}."""
    with session() as conn:
        left = ask_left(request, conn, sending())
    if request.GET.get("as") == "json":
        return JsonResponse({"said": left.said, "known": left.known})
    return render(request, "console/messages/_left.html", {"left": left})
