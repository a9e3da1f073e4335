"""Addresses of this room. The one for unsubscribing stands in every message that was ever sent: it never changes."""

from __future__ import annotations

from django.urls import path

from safar.channels.hearing import inbound, report
from safar.channels.views import unsubscribe_page

urlpatterns = [
    path("u/<str:token>", unsubscribe_page, name="unsubscribe"),
    path("reports/<str:channel>/<str:token>", report, name="report"),
    path("inbound/<str:channel>/<str:token>", inbound, name="inbound"),
]
