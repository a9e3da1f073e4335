"""The road ahead."""

from __future__ import annotations

from django.urls import path

from safar.console.ahead.views import ahead

urlpatterns = [path("ahead/", ahead, name="ahead")]
