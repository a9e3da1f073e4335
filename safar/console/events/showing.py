"""Events and requests as the pages show them: JSON to read, and a command that sends the same once more."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from safar.events.live import Arrived
from safar.events.names import GROUP, IDENTIFY, PAGE, SCREEN, TRACK


class Sort:
    """How events of a type are shown."""

    word: ClassVar[str | Promise] = ""
    icon = "point"


class Track(Sort):
    word = _("what was done")
    icon = "bolt"


class Identify(Sort):
    word = _("who somebody is")
    icon = "id"


class Page(Sort):
    word = _("a page was seen")
    icon = "browser"


class Screen(Sort):
    word = _("a screen was seen")
    icon = "device-mobile"


class Group(Sort):
    word = _("who belongs together")
    icon = "users"


class Alias(Sort):
    word = _("two ids of one person")
    icon = "link"


class Edit(Sort):
    word = _("a change by hand or from a file")
    icon = "pencil"


class Internal(Sort):
    word = _("said by Safar")
    icon = "route"


TYPES: dict[str, type[Sort]] = {
    "track": Track,
    "identify": Identify,
    "page": Page,
    "screen": Screen,
    "group": Group,
    "alias": Alias,
    "edit": Edit,
    "internal": Internal,
}
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
SENDABLE = (TRACK, IDENTIFY, PAGE, SCREEN, GROUP)


@dataclass(frozen=True)
class Line:
    """An event in the list. said: the first properties, short; whole: everything as JSON; curl: empty where it cannot be sent."""

    event: Arrived
    sort: type[Sort]
    said: list[tuple[str, str]]
    whole: SafeString
    curl: str


def line_of(event: Arrived) -> Line:
    """The event, ready to be shown."""
    told = event.traits if event.traits else event.properties
    said = [(name, _short(value)) for name, value in list(told.items())[:6]]
    return Line(event, TYPES.get(event.type, Sort), said, isolated(pretty(_whole(event))), curl_of(event))


def curl_of(event: Arrived) -> str:
    """A command that sends the same event; its messageId is left out, so that it counts as a new one."""
    if event.type not in SENDABLE:
        return ""
    who = {"userId": event.user} if event.user else {"anonymousId": event.key}
    body: dict[str, Any] = dict(who)
    if event.type == TRACK:
        body |= {"event": event.name, "properties": dict(event.properties)}
    elif event.type == IDENTIFY:
        body |= {"traits": dict(event.traits or {})}
    elif event.type == GROUP:
        rest = {name: value for name, value in event.properties.items() if name != "groupId"}
        body |= {"groupId": event.properties.get("groupId"), "traits": rest}
    else:
        body |= {"properties": dict(event.properties)}
    return curl(f"/v1/{event.type}", pretty(body))


def curl(path: str, body: str) -> str:
    """For a shell; the key is to be put in by whoever runs it."""
    address = settings.SAFAR.public_url.rstrip("/") + path
    return (
        f"curl {shlex.quote(address)} -u YOUR_WRITE_KEY: \\\n"
        f"  -H 'Content-Type: application/json' \\\n  -d {shlex.quote(body)}"
    )


def pretty(value: Any) -> str:
    """JSON with letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def isolated(text: str) -> SafeString:
    """JSON for a page: each text in it in a direction of its own, else Persian ones run together. What is copied stays the same."""
    pieces = []
    end = 0
    for found in _TEXT.finditer(text):
        pieces += [escape(text[end : found.start()]), format_html("<bdi>{}</bdi>", found[0])]
        end = found.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))  # every piece is escaped


def readable(body: str) -> str:
    """A body as it came, set in lines where it is JSON and nothing is lost by that."""
    try:
        return pretty(json.loads(body, object_pairs_hook=_all_members))
    except (ValueError, RecursionError):
        return body


def _all_members(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ValueError where a key stands twice: that is what has to be seen."""
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a key stands twice")
    return found


def _whole(event: Arrived) -> Mapping[str, Any]:
    found = {
        "type": event.type,
        "name": event.name,
        "timestamp": event.timestamp.isoformat(),
        "applied_at": event.applied_at.isoformat(),
        "properties": event.properties,
        "traits": event.traits,
        "context": event.context,
        "messageId": event.message_id,
        "cause": event.cause,
    }
    return {name: value for name, value in found.items() if value not in (None, {})}


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"
