"""Every address of an installation that Django answers. /v1/* is answered before it (``asgi``)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
