"""Addresses of this room. Those of pictures stand in messages that are out: they never change."""

from __future__ import annotations

from django.urls import path

from safar.content.views import media

urlpatterns = [path("m/<slug:workspace>/<slug:digest>.<slug:extension>", media, name="media")]
