"""Recorded calls of e-mail services (beside the checkout): each gives the normalised events that are named with it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory

from safar.channels.mail.events import NotProved, read_events
from safar.channels.mail.service import MailService
from safar.channels.provider import providers

DATA = (
    Path(__file__).resolve().parents[4] / "shared" / "data" / "email_webhooks" / "requests_with_expected_events.jsonl"
)
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_file(), reason="the recorded requests do not lie beside this checkout"),
]
# Services that Safar does not send by: read by anymail's view through the same door.
OTHERS = {
    "mailersend": ("mailersend.MailerSendTrackingWebhookView", {"signing_secret": "TEST_WEBHOOK_SIGNING_SECRET"}),
    "mailtrap": ("mailtrap.MailtrapTrackingWebhookView", {}),
    "mandrill": ("mandrill.MandrillCombinedWebhookView", {"webhook_key": "TEST_WEBHOOK_KEY"}),
    "postal": ("postal.PostalTrackingWebhookView", {"webhook_key": ""}),
    "unisender_go": (
        "unisender_go.UnisenderGoTrackingWebhookView",
        {"api_key": "TEST_API_KEY", "api_url": "https://x.example/"},
    ),
}
PARTS = (
    "event_type",
    "event_id",
    "message_id",
    "recipient",
    "reject_reason",
    "click_url",
    "description",
    "mta_response",
    "user_agent",
)


def recorded() -> list[dict[str, Any]]:
    return [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]


def door(call: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """(service, its view, settings that believe every call: what a signature is worth is tested elsewhere)."""
    service = urlsplit(call["path"]).path.split("/")[2]
    kind = providers().get(service)
    if isinstance(kind, MailService):
        return service, kind.webhook, {"auto_confirm_sns_subscriptions": False} if service == "amazon_ses" else {}
    view, given = OTHERS[service]
    return service, f"anymail.webhooks.{view}", given


def ask(call: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    _, view, given = door(call)
    body = base64.b64decode(call["body"]) if call["body_encoding"] == "base64" else call["body"].encode()
    request = RequestFactory().post(
        call["path"], body, content_type=call["content_type"] or "", headers=call["headers"]
    )
    monkeypatch.setattr("anymail.webhooks.base.AnymailCoreWebhookView.run_validators", lambda *_: None)
    if "mailgun" in view:
        given = {"webhook_signing_key": "any"}
    if call["test"].endswith("_as_opened"):  # recorded under a setting of its own
        given = {"track_initial_open_as_opened": True}
    return read_events(view, given, request)


def shown(value: Any) -> Any:
    return str(value) if value is not None else None


def test_every_recorded_call_gives_the_events_that_are_named_with_it(monkeypatch):
    calls = recorded()
    assert len(calls) == 309
    read = 0
    for call in calls:
        if not call["events"]:
            continue
        events = [event for event in ask(call, monkeypatch) if hasattr(event, "recipient")]
        named = [one for one in call["events"] if one["kind"] == "tracking"]
        assert len(events) >= len(named), call["test"]
        for event, expected in zip(events, named, strict=False):
            found = {part: shown(getattr(event, part)) for part in PARTS}
            wanted = {part: shown(expected[part]) for part in PARTS}
            assert found == wanted, call["test"]
            assert shown(event.timestamp) == expected["timestamp"], call["test"]
            assert (event.metadata or {}) == (expected["metadata"] or {}), call["test"]
            assert sorted(event.tags or []) == sorted(expected["tags"] or []), call["test"]
            read += 1
    assert read == sum(len(call["events"]) for call in calls) > 150


def test_calls_without_events_say_nothing_or_are_refused(monkeypatch):
    for call in recorded():
        if call["events"]:
            continue
        try:
            events = ask(call, monkeypatch)
        except (NotProved, ValueError):
            continue
        if call.get("response_status") == 200:
            assert [
                event for event in events if event.event_type not in ("queued", "unknown")
            ] == [] or "Security" in call["test"], call["test"]


def test_our_services_refuse_what_was_recorded_with_a_wrong_signature():
    refused = 0
    for call in recorded():
        service, _, _ = door(call)
        kind = providers().get(service)
        if not isinstance(kind, MailService) or service not in ("mailgun", "resend", "sendgrid", "amazon_ses"):
            continue
        given = {one.name: one.default for one in kind.fields} | {
            "signing_key": "k",
            "signing_secret": "whsec_aGFsbG8=",
            "verification_key": "",
        }
        request = RequestFactory().post(
            call["path"], call["body"].encode(), content_type=call["content_type"] or "", headers=call["headers"]
        )
        with pytest.raises((NotProved, ValueError)):
            kind.hear_events(given, request)
        refused += 1
    assert refused > 100
