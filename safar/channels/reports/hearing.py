"""The addresses that services call: ``/reports/<channel>/<token>`` with what became of messages, ``/inbound/<channel>/<token>`` with what people wrote to
a line. Whoever calls proves that it is the service: by the token, and where the service signs by its signature."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from safar.channels.mail.events import NotProved
from safar.channels.mail.reporting import hear_mail
from safar.channels.reports.reporting import hear_inbound, hear_report
from safar.channels.settings import Sending
from safar.lib.calls import CallFault

LARGEST = 64 * 1024  # bytes of a call


@csrf_exempt  # a server calls, with a signature or by its secret address
@never_cache
@require_http_methods(["GET", "POST"])
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
        form=_fields(request) if request.method == "GET" else _posted(request),
        headers={name.lower(): value for name, value in request.headers.items()},
        sending=sending,
    )
    return HttpResponse(status=404 if heard is None else 204)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_report(request: HttpRequest, token: str) -> HttpResponse:
    """``/reports/email/<token>``: 200 for what is proved, whatever it says; 404 for a token that was not made here and a signature that is not right; 400
    for what makes no sense; 503 where the service itself cannot be asked. Some services look whether the address is there before they use it.
    Not 204: Postmark, Mailjet and SparkPost take nothing but 200 for heard, and call again for days.
    """
    if request.method != "POST":
        return HttpResponse(status=200)
    connection.ensure_connection()
    try:
        heard = hear_mail(connection.connection, token=token[:100], request=request, sending=_sending())
    except NotProved:
        heard = None
    except CallFault:
        return HttpResponse(status=503)
    except ValueError:
        return HttpResponse(status=400)
    return HttpResponse(status=404 if heard is None else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def inbound(request: HttpRequest, channel: str, token: str) -> HttpResponse:
    """204 and 404 as for reports. By GET as well, because Iranian services call so: what they are given is a secret address, and no page links to it."""
    sending = _sending()
    connection.ensure_connection()
    heard = hear_inbound(
        connection.connection,
        channel=channel,
        token=token[:100],
        url=f"{sending.public_url}{request.get_full_path()}",
        form=_fields(request),
        headers={name.lower(): value for name, value in request.headers.items()},
        sending=sending,
    )
    return HttpResponse(status=404 if heard is None else 204)


def _fields(request: HttpRequest) -> dict[str, str]:
    """What the call says, in its address, a form, or one JSON object."""
    return {name: str(value) for name, value in request.GET.items()} | _posted(request)


def _posted(request: HttpRequest) -> dict[str, str]:
    found = {name: str(value) for name, value in request.POST.items()}
    if request.method == "GET" or request.content_type != "application/json" or len(request.body) > LARGEST:
        return found
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return found
    given = said if isinstance(said, dict) else {}
    return found | {name: str(value) for name, value in given.items() if isinstance(value, str | int)}


@cache
def _sending() -> Sending:
    chosen = settings.SAFAR
    return Sending(settings.SECRET_KEY, tuple(chosen.old_secret_keys), public_url=chosen.public_url)
