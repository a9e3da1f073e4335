"""Sent messages: the list, one of them, and what a person decides about one that is in doubt."""

from __future__ import annotations

from django.urls import path

from safar.console.sent.acting import assume, resend
from safar.console.sent.listing import sent
from safar.console.sent.opening import sent_html, sent_message

urlpatterns = [
    path("sent/", sent, name="sent"),
    path("sent/<int:bucket>/<int:number>/", sent_message, name="sent_message"),
    path("sent/<int:bucket>/<int:number>/html/", sent_html, name="sent_html"),
    path("sent/<int:bucket>/<int:number>/resend/", resend, name="sent_resend"),
    path("sent/<int:bucket>/<int:number>/assume/", assume, name="sent_assume"),
]
