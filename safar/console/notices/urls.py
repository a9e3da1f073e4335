"""Notices to the team."""

from __future__ import annotations

from django.urls import path

from safar.console.notices.views import notices

urlpatterns = [path("notices/", notices, name="notices")]
