"""Live events, their names, and what was refused."""

from __future__ import annotations

from django.urls import path

from safar.console.events import views

urlpatterns = [
    path("events/", views.events, name="events"),
    path("events/newer/", views.newer, name="events_newer"),
    path("events/names/", views.names, name="event_names"),
    path("events/refused/", views.refused, name="events_refused"),
]
