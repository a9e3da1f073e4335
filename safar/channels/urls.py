"""Addresses of this room. Those for unsubscribing and for preferences stand in every message that was ever sent: they never change."""

from __future__ import annotations

from django.urls import path

from safar.channels.consent.confirmation_page import confirmation_page
from safar.channels.consent.preference_page import preference_page
from safar.channels.consent.views import unsubscribe_page
from safar.channels.reports.hearing import inbound, mail_report, report

urlpatterns = [
    path("u/<str:token>", unsubscribe_page, name="unsubscribe"),
    path("confirm/<str:token>", confirmation_page, name="confirmation"),
    path("p/<str:token>", preference_page, name="preferences"),
    path("reports/email/<str:token>", mail_report, name="mail_report"),
    path("reports/<str:channel>/<str:token>", report, name="report"),
    path("inbound/<str:channel>/<str:token>", inbound, name="inbound"),
]
