"""Live events: what arrived, what was refused, which names there are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest
from safar.console.events.showing import TYPES, Sort, curl, isolated, line_of, pretty, readable
from safar.console.journeys.common import reading
from safar.contacts.names import ANONYMOUS, EMAIL, PHONE, USER, fold_email, fold_phone
from safar.events.catalogue import read_catalogue
from safar.events.live import MOST_WAITING, Lately, count_waiting, read_lately
from safar.events.refusals import read_refusals

ROWS = 50
_FIND = "SELECT contact_id FROM identity WHERE workspace_id = %s AND kind = %s AND value = %s"
NOBODY = -1  # who was asked for and is not there


@require_safe
def events(request: ConsoleRequest) -> HttpResponse:
    """``events/?type=&name=&contact=&before=``: the last hour, the newest first."""
    asked = _asked(request)
    found = _read(request, asked, before=_number(request, "before"))
    names = [each.name for each in read_catalogue(reading(), request.workspace.pk)[:200]]
    context = {
        **_list(request, asked, found),
        "asked": asked,
        "filtered": any(asked.values()),
        "types": [(each, sort.word) for each, sort in TYPES.items()],
        "names": names,
        "older": "before" in request.GET,
        "next": urlencode({**asked, "before": found.events[-1].seq}) if found.more else "",
        "tab": "events",
    }
    return render(request, "console/events/live.html", context)


@never_cache
@require_safe
def newer(request: ConsoleRequest) -> HttpResponse:
    """``events/newer/?after=<seq>&type=&name=&contact=``: what has come since, to stand above what is shown."""
    asked = _asked(request)
    found = _read(request, asked, newer=_number(request, "after"))
    return render(request, "console/events/_newer.html", _list(request, asked, found))


@require_safe
def names(request: ConsoleRequest) -> HttpResponse:
    """``events/names/?q=``: the catalogue."""
    wanted = request.GET.get("q", "").strip().casefold()
    found = [each for each in read_catalogue(reading(), request.workspace.pk) if wanted in each.name.casefold()]
    shown = [(each, TYPES.get(each.type, Sort), _sample(each.properties)) for each in found]
    return render(request, "console/events/names.html", {"names": shown, "q": request.GET.get("q", ""), "tab": "names"})


@require_safe
def refused(request: ConsoleRequest) -> HttpResponse:
    """``events/refused/?before=<id>``: requests that were refused, the newest first."""
    kept = read_refusals(reading(), request.workspace.pk, before=_number(request, "before"), limit=ROWS + 1)
    shown = [(each, isolated(readable(each.body or "")), curl(each.path, each.body or "")) for each in kept[:ROWS]]
    context = {"refusals": shown, "next": kept[ROWS - 1].id if len(kept) > ROWS else "", "tab": "refused"}
    return render(request, "console/events/refused.html", context)


def _list(request: ConsoleRequest, asked: dict[str, str], found: Lately) -> dict[str, Any]:
    after = found.events[0].seq if found.events else _number(request, "after") or 0
    return {
        "lines": [line_of(each) for each in found.events],
        "cut": found.cut,
        "waiting": count_waiting(reading(), request.workspace.pk),
        "most_waiting": MOST_WAITING,
        "poll": urlencode({**asked, "after": after}),
    }


def _read(
    request: ConsoleRequest, asked: dict[str, str], *, before: int | None = None, newer: int | None = None
) -> Lately:
    contact = _contact(request, asked["contact"]) if asked["contact"] else None
    if contact == NOBODY:
        return Lately([])
    return read_lately(
        reading(),
        request.workspace.pk,
        now=datetime.now(UTC),
        type=asked["type"],
        name=asked["name"],
        contact=contact,
        before=before,
        newer=newer,
        limit=ROWS,
    )


def _asked(request: ConsoleRequest) -> dict[str, str]:
    found = {name: request.GET.get(name, "").strip().replace("\0", "")[:320] for name in ("type", "name", "contact")}
    return {**found, "type": found["type"] if found["type"] in TYPES else ""}


def _number(request: ConsoleRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _contact(request: ConsoleRequest, typed: str) -> int:
    """Whom somebody means by an address, a phone, a userId, or an anonymousId."""
    tries = [(USER, typed), (EMAIL, fold_email(typed)), (PHONE, fold_phone(typed)), (ANONYMOUS, typed)]
    for kind, value in tries:
        row = reading().execute(_FIND, (request.workspace.pk, kind, value)).fetchone() if value else None
        if row is not None:
            return int(row[0])
    return NOBODY


def _sample(properties: dict[str, dict[str, list[Any]]]) -> SafeString:
    """An event as it might be, out of values that came."""
    return isolated(pretty({name: one["values"][-1] if one["values"] else None for name, one in properties.items()}))
