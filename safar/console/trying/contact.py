"""One real contact walked through the draft: when they would have entered, which way, and why."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safar.console.access import ConsoleRequest, needs
from safar.console.database import session
from safar.console.journeys.common import find, language, title_of
from safar.console.trying.saying import say_walked
from safar.contacts.listing import Listed, list_contacts
from safar.contacts.person import Person, find_person
from safar.journeys.backtest.asking import SPAN, setting_of
from safar.journeys.backtest.run import read_drafts
from safar.journeys.backtest.trial import read_setting
from safar.journeys.backtest.walked import walk_contact
from safar.journeys.drafts import check_draft, read_draft
from safar.journeys.models import Journey
from safar.lib.faults import Refused
from safar.postgres.connections import database_url

OFFERED = 8  # contacts, where what was typed fits several


@require_safe
@needs("editor")
def trying_contact(request: ConsoleRequest, key: str) -> HttpResponse:
    """``journeys/<key>/try/contact/``: ?who= is looked for (address, phone, id, name), ?contact= is somebody's number.

    Nothing is kept: what a contact would have done is theirs, and goes when they are erased.
    """
    journey = find(request, key)
    typed = request.GET.get("who", "").strip()
    with session() as conn:
        person, offered = _chosen(conn, request, typed)
    sound = not check_draft(request.workspace, read_draft(journey)).faults
    context: dict[str, Any] = {
        "journey": journey,
        "title": title_of(read_draft(journey), key, language()),
        "days": SPAN.days,
        "typed": typed,
        "person": person,
        "offered": offered,
        "sound": sound,
    }
    if person is not None and sound:
        try:
            context["walked"] = _walk(request, journey, person)
        except Refused:
            context["sound"] = False
    return render(request, "console/trying/contact.html", context)


def _chosen(conn: psycopg.Connection[Any], request: ConsoleRequest, typed: str) -> tuple[Person | None, list[Listed]]:
    number = request.GET.get("contact", "")
    if number:
        person = find_person(conn, request.workspace.pk, int(number)) if number.isdecimal() else None
        if person is None or person.erased_at is not None or person.merged_into is not None:
            raise Http404
        return person, []
    if not typed:
        return None, []
    people = list_contacts(conn, request.workspace.pk, typed=typed, size=OFFERED)[0].people
    exact = [each for each in people if typed.lower() in (each.email, each.phone, each.external_id, each.key)]
    chosen = exact if len(exact) == 1 else people
    if len(chosen) == 1:
        return find_person(conn, request.workspace.pk, chosen[0].id), []
    return None, people


def _walk(request: ConsoleRequest, journey: Journey, person: Person) -> Mapping[str, Any]:
    asked = setting_of(request.workspace)
    definitions, conditions = read_drafts([journey.draft], asked["segments"])
    until = datetime.now(UTC)
    walked = walk_contact(
        database_url(os.environ),
        request.workspace.pk,
        person.id,
        definitions[0],
        conditions,
        read_setting(asked),
        since=until - SPAN,
        until=until,
    )
    return say_walked(walked, definitions[0], request, language())
