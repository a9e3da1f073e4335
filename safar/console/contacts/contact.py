"""A contact's page: who they are, where they stand, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest, is_htmx, to
from safar.console.contacts import words
from safar.console.contacts.common import find
from safar.console.database import session
from safar.console.rights.record import shown
from safar.console.sent.words import REASONS
from safar.contacts.ids import bucket
from safar.contacts.person import Consent, Person, Taken, read_person
from safar.contacts.record import records_of
from safar.contacts.tags import tag_titles
from safar.contacts.topics import CHANNEL_PREFIX, Topic, list_topics
from safar.events.edit import BY_HAND
from safar.journeys.road import KINDS, NOTES, Item, read_places, read_timeline

# Of events: what only programs read, and what is money (docs/http-api.md).
HIDDEN = frozenset(("url", "referrer", "search", "currency", "sku", "variant", "position", "hash"))
AMOUNTS = frozenset(("total", "price", "value", "revenue", "cart_value", "subtotal", "discount", "shipping", "tax"))
RECORDS = 10  # newest rows of the consent record
_PROOF = """
SELECT timestamp, context -> 'by_hand' FROM event
WHERE bucket = %(bucket)s AND contact_id = %(contact)s AND name = 'edit' AND timestamp = ANY (%(moments)s)
    AND context ? 'by_hand'
"""


@require_safe
def contact(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``contacts/<number>/``. What was merged leads to the contact it was merged into."""
    with session() as conn:
        person = read_person(conn, request.workspace.pk, contact)
        if person is None:
            raise Http404
        if person.merged_into is not None:
            return HttpResponseRedirect(to(request, "contact", contact=person.merged_into))
        if person.erased_at is not None:
            return render(request, "console/contacts/erased.html", {"person": person}, status=410)
        topics, said_of = list_topics(conn, request.workspace.pk), {each.topic: each for each in person.topics}
        proofs, names = _proofs(conn, person), names_of(conn, request, topics)
        titles = {CHANNEL_PREFIX + key: title for key, title in names["topic_titles"].items()}
        context = {
            **names,
            **_timeline(conn, request, contact),
            "person": person,
            "name_kinds": words.NAME_KINDS,
            "facts": [(label, kind, person.facts.get(name)) for name, label, kind in words.FACTS if person.facts.get(name) is not None],
            "traits": [(name, words.TRAITS.get(name, name), value) for name, value in sorted(person.traits.items(), key=_known_first)],
            "topics": [(each, said_of.get(each.key, Taken(each.key, "unknown"))) for each in topics],
            "proofs": proofs,
            "records": [shown(each, titles) for each in records_of(conn, contact, RECORDS)],
            "consents": person.consents,
            "places": [(place, _map(request, place.journey)) for place in read_places(conn, request.workspace, contact)],
            "notes": read_timeline(conn, request.workspace, contact, kind=NOTES, size=5).items,
        }  # fmt: skip
    return render(request, "console/contacts/contact.html", {**context, **said()})


@require_safe
def timeline(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``contacts/<number>/timeline/?kind=…&after=…``: by htmx the lines alone; else the contact's page has them."""
    with session() as conn:
        person = find(conn, request, contact)
        names = names_of(conn, request, list_topics(conn, request.workspace.pk))
        found = {**names, **_timeline(conn, request, contact)}
    if not is_htmx(request):
        return HttpResponseRedirect(to(request, "contact", contact=contact))
    piece = "_lines.html" if request.GET.get("after") else "_timeline.html"
    return render(request, f"console/contacts/{piece}", {**found, "person": person, **said()})


def said() -> dict[str, Any]:
    """The words that templates look up."""
    names = (
        "CHANNELS",
        "CONSENTS",
        "CONSENT_COLOURS",
        "SUPPRESSIONS",
        "SOURCES",
        "STATUSES",
        "STATUS_COLOURS",
        "REASONS",
    )
    more = ("TOPIC_STATES", "TOPIC_COLOURS", "MESSAGE_STATES", "EVENTS")
    found = {name.lower(): getattr(words, name) for name in (*names, *more)}
    found["message_reasons"] = REASONS
    found["consents_said"], found["properties_said"] = found.pop("consents"), words.PROPERTIES
    return found


def names_of(conn: psycopg.Connection[Any], request: ConsoleRequest, topics: Sequence[Topic]) -> dict[str, Any]:
    """What tags and topics are called: templates look keys up."""
    tongue = "fa" if (get_language() or "").startswith("fa") else "en"
    titles = {topic.key: topic.called(tongue) for topic in topics}
    return {"tag_titles": tag_titles(conn, request.workspace.pk), "topic_titles": titles}


def _timeline(conn: psycopg.Connection[Any], request: ConsoleRequest, contact: int) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    try:
        found = read_timeline(conn, request.workspace, contact, kind=kind, after=request.GET.get("after", ""))
    except ValueError:
        raise Http404 from None
    kinds = [(each, label) for each, label in words.KINDS.items()]
    return {"timeline": [line_of(item) for item in found.items], "kind": kind, "kinds": kinds, "after": found.after}


def line_of(item: Item) -> dict[str, Any]:
    """An item as a template has it: of an event's context only who did it; of properties the few that say most."""
    if item.kind == "messages":
        arrived = "delivered" if item.more["delivered_at"] else "undelivered" if item.more["undelivered"] else ""
        told = {"state": arrived or item.more["state"], "reason": item.more["undelivered"] or item.more["reason"]}
        return {"at": item.at, "kind": item.kind, "what": item.what, **item.more, **told}
    if item.kind != "events":
        return {"at": item.at, "kind": item.kind, "what": item.what, **item.more}
    context = item.more["context"] or {}
    safar = context.get("safar") or {}
    changes, said = {**(item.more["traits"] or {})}, safar.get("consent") or {}
    return {
        "at": item.at,
        "kind": item.kind,
        "what": item.what,
        "by": (context.get(BY_HAND) or {}).get("by") or context.get("by", ""),
        "reason": (context.get(BY_HAND) or {}).get("reason", ""),
        "file": (context.get("import") or {}).get("file", ""),
        "cause": "" if item.what.startswith("segment_") else item.more["cause"] or "",
        "note": item.more["properties"].get("note", "") if item.what == "note_added" else "",
        "properties": [] if item.what == "note_added" else _telling(item.more["properties"]),
        "traits": list(changes.items())[:8],
        "consent": {name: state for name, state in said.items() if not name.startswith(CHANNEL_PREFIX)},
        "topics": [
            (name.removeprefix(CHANNEL_PREFIX), state)
            for name, state in said.items()
            if name.startswith(CHANNEL_PREFIX)
        ],
        "added": (safar.get("tags") or {}).get("add") or [],
        "removed": (safar.get("tags") or {}).get("remove") or [],
    }


def _telling(properties: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """(name, kind, value) of the properties that say something to a person: plain ones, and the names of products."""
    found: list[tuple[str, str, Any]] = []
    for name, value in properties.items():
        if name in HIDDEN or name.endswith(("_url", "_id")):
            continue
        if isinstance(value, list):
            names = [str(one["name"]) for one in value if isinstance(one, dict) and one.get("name")]
            if names:
                found.append((name, "names", names[:5]))
        elif name in AMOUNTS and isinstance(value, (int, float)):
            found.append((name, "money", value))
        elif not isinstance(value, dict):
            found.append((name, "plain", value))
    return found[:8]


def _known_first(entry: tuple[str, Any]) -> tuple[int, str]:
    order = list(words.TRAITS)
    return (order.index(entry[0]) if entry[0] in order else len(order), entry[0])


def _proofs(conn: psycopg.Connection[Any], person: Person) -> dict[Any, dict[str, str]]:
    """Who changed a consent or a topic by hand, and why, by the moment: it stands in the event that did it."""
    said: list[Consent | Taken] = [*person.consents, *person.topics]
    moments = [each.at for each in said if each.source == BY_HAND and each.at is not None]
    if not moments:
        return {}
    rows = conn.execute(_PROOF, {"bucket": bucket(person.id), "contact": person.id, "moments": moments}).fetchall()
    return {at: dict(proof) for at, proof in rows if proof}


def _map(request: ConsoleRequest, key: str) -> str:
    """The journey's page, where there is one."""
    try:
        return to(request, "journey", key=key)
    except NoReverseMatch:
        return ""
