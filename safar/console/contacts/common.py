"""What every page of a contact needs: the contact or a 404, who acts, and what a change left to say."""

from __future__ import annotations

from typing import Any

import psycopg
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from safar.console.access import ConsoleRequest, go, to
from safar.console.contacts.faults import say
from safar.contacts.person import Person, find_person
from safar.lib.faults import Refused


def find(conn: psycopg.Connection[Any], request: ConsoleRequest, contact: int) -> Person:
    """The contact of this workspace, with nothing that hangs on it; 404 where there is none, or it was erased."""
    found = find_person(conn, request.workspace.pk, contact)
    if found is None or found.erased_at is not None:
        raise Http404
    return found


def unmerged(conn: psycopg.Connection[Any], request: ConsoleRequest, contact: int) -> Person:
    """As `find`, for changes: what was merged into another contact is changed there, and not here."""
    found = find(conn, request, contact)
    if found.merged_into is not None:
        raise Http404
    return found


def who(request: ConsoleRequest) -> str:
    """As events and the audit log name whoever acts."""
    return str(request.user.email)


def tell(request: ConsoleRequest, applied: bool, done: Any) -> None:
    """Say what was done, or that the engine will come to it."""
    if applied:
        messages.success(request, str(done))
    else:
        messages.info(request, _("It is kept, and shows here as soon as the engine has come to it."))


def tell_faults(request: ConsoleRequest, refused: Refused) -> None:
    """Every fault as a message of its own."""
    for fault in refused.faults:
        messages.error(request, say(fault.message, fault.place))


def back(request: ConsoleRequest, contact: int, place: str = "") -> HttpResponse:
    """To the contact's page, at one of its sections."""
    return go(request, to(request, "contact", contact=contact) + (f"#{place}" if place else ""))
