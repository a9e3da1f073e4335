"""The address that load balancers, compose and systemd ask."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safar.workers.health import look


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while web, engine, dispatcher and database live, 503 otherwise; the body says which does not, and the lag."""
    health = look()
    return JsonResponse(health.as_json(), status=200 if health.ok else 503)
