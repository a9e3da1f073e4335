"""What an e-mail service reports of messages, in the house's words. anymail reads each service's form; whether a bounce is for good is the
service's file's to say, because anymail does not tell it.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anymail.exceptions import AnymailError, AnymailInsecureWebhookWarning, AnymailWebhookValidationFailure
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.module_loading import import_string

MARK = "safar"  # the name under which a message carries its Message-ID to the service, and the service's events carry it back
_MARK = re.compile(r"safar\.(\d{1,4})-(\d{1,18})\.[0-9a-f]{16}@[^\s<>@]{1,253}")
warnings.filterwarnings(
    "ignore", category=AnymailInsecureWebhookWarning
)  # our addresses are secret, and signed where that is offered

DELIVERED, BOUNCED, COMPLAINED, FAILED, UNSUBSCRIBED, OPENED, CLICKED = (
    "delivered",
    "bounced",
    "complained",
    "failed",
    "unsubscribed",
    "opened",
    "clicked",
)
_KINDS = {kind: kind for kind in (DELIVERED, BOUNCED, COMPLAINED, FAILED, UNSUBSCRIBED, OPENED, CLICKED)} | {
    "rejected": FAILED
}
# A service that refuses because of what was before: what that says of the address.
_KNOWN_BAD = {"bounced": "bounced", "invalid": "bounced", "spam": "complained", "unsubscribed": "unsubscribed"}


Says = Callable[[Mapping[str, Any]], bool]  # of a service's own words


class NotProved(Exception):
    """The call is not proved to come from the service."""


@dataclass(frozen=True, slots=True)
class MailEvent:
    """bucket, id, header: the message, and its Message-ID as the service gave it back. hard: of a bounce that is for good. listed: why the service
    has the address on a list of its own (bounced, complained, unsubscribed). reason: a word; said: the other server's words. machine: the service says that no person opened or
    clicked.
    """

    kind: str
    bucket: int
    id: int
    header: str
    provider_id: str = ""
    hard: bool = False
    listed: str = ""
    reason: str = ""
    said: str = ""
    url: str = ""
    agent: str = ""
    machine: bool = False
    at: datetime | None = None


def read_events(view: str, given: Mapping[str, Any], request: HttpRequest) -> list[Any]:
    """anymail's normalised events of a call. view: its class; given: its settings. Raises NotProved; ValueError where it is no call of that
    service's.
    """
    try:
        reader = import_string(view)(**given)
        reader.run_validators(request)
        found: list[Any] = reader.parse_events(request)
    except AnymailWebhookValidationFailure as fault:
        raise NotProved(str(fault)) from None
    except (
        AnymailError,
        AttributeError,
        ImproperlyConfigured,
        IndexError,
        KeyError,
        OverflowError,
        RecursionError,
        TypeError,
        ValueError,
    ) as fault:
        raise ValueError(f"{type(fault).__name__}: {fault}"[:300]) from None
    return found


def in_our_words(event: Any, is_hard: Says, is_machine: Says) -> MailEvent | None:
    """None for what is not about a message of ours, and for what decides nothing (queued, deferred, a bot's reply)."""
    kind = _KINDS.get(event.event_type)
    found = _MARK.fullmatch(_marked(event.metadata))
    if kind is None or found is None:
        return None
    bucket, id = int(found[1]), int(found[2])
    if bucket > 1023:
        return None
    said = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    hard = kind == BOUNCED and is_hard(said)
    listed = _KNOWN_BAD.get(event.reject_reason or "", "") if kind == FAILED else ""
    return MailEvent(
        kind,
        bucket,
        id,
        f"<{found[0]}>",
        provider_id=_text(event.message_id, 200),
        hard=hard,
        listed=listed,
        reason=_reason(kind, hard, event.reject_reason),
        said=_text(event.mta_response or event.description, 300),
        url=_text(event.click_url, 8000),
        agent=_text(event.user_agent, 300),
        machine=kind in (OPENED, CLICKED) and is_machine(said),
        at=event.timestamp,
    )


def _marked(metadata: Any) -> str:
    """The Message-ID that we gave along. Some services give metadata back as a text."""
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata)
        except (ValueError, RecursionError):
            return ""
    value = metadata.get(MARK) if isinstance(metadata, Mapping) else None
    return value if isinstance(value, str) else ""


def _reason(kind: str, hard: bool, reason: str | None) -> str:
    if kind == BOUNCED:
        return "hard_bounce" if hard else "soft_bounce"
    if kind == FAILED:
        return {"invalid": "bad_address", "timed_out": "not_reached"}.get(
            reason or "", "blacklisted" if reason in _KNOWN_BAD else "undelivered"
        )
    return ""


def _text(value: Any, longest: int) -> str:
    return " ".join(str(value).replace("\0", "").split())[:longest] if value else ""
