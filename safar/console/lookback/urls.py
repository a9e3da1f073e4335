"""The look back: the ready-made journeys over a year of orders, and which of them is worth beginning with."""

from __future__ import annotations

from django.urls import path

from safar.console.lookback import choosing, views

urlpatterns = [
    path("look-back/", views.lookback, name="lookback"),
    path("look-back/<int:job>/", choosing.lookback_file, name="lookback_file"),
]
