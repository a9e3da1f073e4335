"""The consent record of the workspace: filtered, the newest first, and as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, asked_lately, needs
from safar.console.contacts.common import who
from safar.console.contacts.exporting import as_file
from safar.console.database import session
from safar.console.rights import words
from safar.contacts.record import Asked, Entry, export_records, list_records
from safar.contacts.topics import CHANNEL_PREFIX, list_topics

PARTS = ("channel", "state", "method")  # of the address
LONGEST = 100


@require_safe
def consents(request: ConsoleRequest) -> HttpResponse:
    """``consents/?channel=email&state=given&method=import&before=…``."""
    asked = _asked(request)
    tongue = "fa" if (get_language() or "").startswith("fa") else "en"
    with session() as conn:
        found, following = list_records(conn, request.workspace.pk, asked)
        topics = {CHANNEL_PREFIX + one.key: one.called(tongue) for one in list_topics(conn, request.workspace.pk)}
    given = {name: getattr(asked, name) for name in PARTS if getattr(asked, name)}
    context = {
        "rows": [shown(entry, topics) for entry in found],
        "given": given,
        "asked": urlencode(given),
        "following": f"?{urlencode({**given, 'before': following})}" if following else "",
        "channels": {**words.CHANNELS, **topics},
        "states": words.STATES,
        "methods": words.METHODS,
    }
    return render(request, "console/rights/consents.html", context)


@require_safe
@needs("analyst")
@asked_lately()
def consents_csv(request: ConsoleRequest) -> HttpResponseBase:
    """``consents.csv?channel=…``: as the list shows them."""
    asked, workspace = _asked(request), request.workspace
    if request.method == "GET":
        details = {name: getattr(asked, name) for name in PARTS if getattr(asked, name)}
        record(workspace, who(request), "export_consents", f"workspace:{workspace.pk}", details)
    return as_file(request, "consents", lambda conn: export_records(conn, workspace.pk, asked))


def shown(entry: Entry, topics: dict[str, str]) -> dict[str, Any]:
    """A row with its words."""
    return {
        "entry": entry,
        "channel": topics.get(entry.channel)
        or words.CHANNELS.get(entry.channel, entry.channel.removeprefix(CHANNEL_PREFIX)),
        "state": words.STATES.get(entry.state, entry.state),
        "colour": words.COLOURS.get(entry.state, "blue"),
        "method": words.METHODS.get(entry.method, entry.method),
        "purpose": words.PURPOSES.get(entry.purpose, entry.purpose),
        "proofs": [
            (words.PROOFS.get(name, name), said) for name, value in entry.proof.items() if (said := _said(name, value))
        ],
    }


def _said(name: str, value: object) -> object:
    """As people read it; nothing of what only machines ask about."""
    return "" if name == "confirm" else ", ".join(map(str, value)) if isinstance(value, list) else value


def _asked(request: ConsoleRequest) -> Asked:
    given = {name: request.GET.get(name, "").replace("\0", "")[:LONGEST] for name in PARTS}
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 2**62
    return Asked(**given, before=number)
