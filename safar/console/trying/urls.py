"""A draft tried on the past: the back-test of the last 90 days, and one contact walked through it."""

from __future__ import annotations

from django.urls import path

from safar.console.trying import backtest, contact

urlpatterns = [
    path("journeys/<slug:key>/try/", backtest.trying, name="trying"),
    path("journeys/<slug:key>/try/contact/", contact.trying_contact, name="trying_contact"),
]
