"""The address where services say what became of messages: ``/reports/<channel>/<token>``. Whoever calls proves that it is the service."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from safar.channels.reporting import hear_report
from safar.channels.settings import Sending


@csrf_exempt  # a server calls, with a signature
@never_cache
@require_POST
def report(request: HttpRequest, channel: str, token: str) -> HttpResponse:
    """204 for what is proved, new or not; 404 for everything else: nobody learns whether a token was nearly right."""
    sending = _sending()
    connection.ensure_connection()
    heard = hear_report(
        connection.connection,
        channel=channel,
        token=token[:100],
        url=f"{sending.public_url}{request.get_full_path()}",
        message=request.GET.get("message", ""),
        form={name: str(value) for name, value in request.POST.items()},
        headers={name.lower(): value for name, value in request.headers.items()},
        sending=sending,
    )
    return HttpResponse(status=404 if heard is None else 204)


@cache
def _sending() -> Sending:
    chosen = settings.SAFAR
    return Sending(settings.SECRET_KEY, tuple(chosen.old_secret_keys), public_url=chosen.public_url)
