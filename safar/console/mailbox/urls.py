"""The built-in mailbox: what would have been sent."""

from __future__ import annotations

from django.urls import path

from safar.console.mailbox.views import html, mailbox, message

urlpatterns = [
    path("mailbox/", mailbox, name="mailbox"),
    path("mailbox/<int:bucket>/<int:message_id>/", message, name="mailbox_message"),
    path("mailbox/<int:bucket>/<int:message_id>/html/", html, name="mailbox_html"),
]
