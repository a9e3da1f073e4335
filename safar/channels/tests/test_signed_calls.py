"""What is signed by the rules of Standard Webhooks."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from safar.channels.mail.events import NotProved
from safar.channels.mail.signed_calls import check_signed
from safar.channels.tests.mail_calls import SETTINGS, resend


def test_a_signature_is_good_for_five_minutes():
    body, headers = resend("hard", "x", "sara@people.example")
    request = RequestFactory().post("/", body, content_type="application/json", headers=headers)
    at = float(headers["svix-timestamp"])
    check_signed(SETTINGS["resend"]["signing_secret"], request, clock=lambda: at + 299)
    for late in (at + 301, at - 301):
        with pytest.raises(NotProved):
            check_signed(SETTINGS["resend"]["signing_secret"], request, clock=lambda late=late: late)
    for secret in ("", "whsec_", "whsec_%%", "whsec_AAAA"):
        with pytest.raises(NotProved):
            check_signed(secret, request, clock=lambda: at)
