"""The first page of a workspace."""

from __future__ import annotations

from django.urls import path

from safar.console.home.views import home

urlpatterns = [path("", home, name="home")]
