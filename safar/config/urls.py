"""Every address of an installation that Django answers. /v1/* is answered before it (``asgi``)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from safar.api.rest.api import urls as rest
from safar.config.landing import landing
from safar.workers.views import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", landing, name="landing"),
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include(rest)),
    path("", include("safar.channels.urls")),
    path("", include("safar.content.urls")),
    path("", include("safar.website.urls")),
    path("", include("safar.console.urls")),
]
