"""Changes by hand: fields, ids, tags, consents, topics, notes. Each goes in as an event, and the page waits up to a second for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from safar.accounts.services import record
from safar.channels.consent.contact_pages import secret_keys
from safar.console.access import ConsoleRequest, needs
from safar.console.contacts.common import back, tell, tell_faults, unmerged, who
from safar.console.database import session
from safar.contacts.person import Person
from safar.contacts.suppressing import lift_suppression
from safar.contacts.tags import meant
from safar.events.editing import edit_contact
from safar.events.imports.cells import BadCell, read_tags, read_trait
from safar.lib.faults import Fault, Refused

Change = Callable[[psycopg.Connection[Any], Person], bool]


@require_POST
@needs("editor")
def fields(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``name`` and ``value`` of one field; ``remove`` takes it away. A field keeps the type it has, if the text can be that."""
    name, value = request.POST.get("name", "").strip(), request.POST.get("value", "")

    def change(conn: psycopg.Connection[Any], person: Person) -> bool:
        read = None if "remove" in request.POST else _typed(value, person.traits.get(name))
        if read == "" or not name:
            raise Refused([Fault("" if name else "name", "is empty")])
        return _put(conn, request, person, {"traits": {name: read}})

    return _do(request, contact, "fields", change, _("The field is changed."))


@require_POST
@needs("editor")
def tags(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``add``: tags with commas between them; ``remove``: one tag."""
    add, remove = request.POST.get("add", ""), request.POST.get("remove", "")

    def change(conn: psycopg.Connection[Any], person: Person) -> bool:
        try:
            wanted = meant(conn, request.workspace.pk, read_tags(add))
        except BadCell as bad:
            raise Refused([Fault("", str(bad))]) from None
        if not wanted and not remove:
            raise Refused([Fault("", "is empty")])
        return _put(conn, request, person, {"tags": {"add": wanted, "remove": [remove] if remove else []}})

    return _do(request, contact, "tags", change, _("The tags are changed."))


@require_POST
@needs("editor")
def consent(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``channel``, ``state`` and ``reason``; with ``lift`` the address is also taken off the suppression list."""
    said = {name: request.POST.get(name, "") for name in ("channel", "state", "reason")}

    def change(conn: psycopg.Connection[Any], person: Person) -> bool:
        changes = {"consent": {said["channel"]: said["state"]}, "reason": said["reason"]}
        applied = _put(conn, request, person, changes)
        address = person.email if said["channel"] == "email" else person.phone
        wanted = "lift" in request.POST and said["state"] == "given" and address
        if wanted and lift_suppression(
            conn, workspace_id=request.workspace.pk, channel=said["channel"], address=str(address), keys=secret_keys()
        ):
            details = {"channel": said["channel"], "reason": said["reason"]}
            record(request.workspace, who(request), "lift_suppression", f"contact:{person.id}", details)
        return applied

    return _do(request, contact, "consents", change, _("The consent is put down."))


@require_POST
@needs("editor")
def topic(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``topic``, ``state`` (joined, left) and ``reason``."""
    said = {name: request.POST.get(name, "") for name in ("topic", "state", "reason")}

    def change(conn: psycopg.Connection[Any], person: Person) -> bool:
        return _put(conn, request, person, {"topics": {said["topic"]: said["state"]}, "reason": said["reason"]})

    return _do(request, contact, "topics", change, _("What the contact takes is put down."))


@require_POST
@needs("editor")
def ids(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``user_id``: one more id that the shop knows the contact by."""
    user = request.POST.get("user_id", "").strip()

    def change(conn: psycopg.Connection[Any], person: Person) -> bool:
        return _put(conn, request, person, {"user_id": user})

    return _do(request, contact, "who", change, _("The id is kept."))


@require_POST
@needs("editor")
def notes(request: ConsoleRequest, contact: int) -> HttpResponse:
    """``note``."""
    note = request.POST.get("note", "")

    def change(conn: psycopg.Connection[Any], person: Person) -> bool:
        if not note.strip():
            raise Refused([Fault("note", "is empty")])
        return _put(conn, request, person, {"note": note})

    return _do(request, contact, "notes", change, _("The note is kept."))


def _put(conn: psycopg.Connection[Any], request: ConsoleRequest, person: Person, said: dict[str, Any]) -> bool:
    return edit_contact(
        conn, workspace_id=request.workspace.pk, contact=person.id, by=who(request), said=said, by_hand=True
    )


def _do(request: ConsoleRequest, contact: int, place: str, change: Change, done: str) -> HttpResponse:
    with session() as conn:
        person = unmerged(conn, request, contact)
        try:
            applied = change(conn, person)
        except Refused as refused:
            tell_faults(request, refused)
        else:
            tell(request, applied, done)
    return back(request, contact, place)


def _typed(text: str, before: Any) -> Any:
    """What was typed as the value it means: dates of both calendars, numbers, yes and no. Text stays text where it was text."""
    if isinstance(before, (dict, list)):
        try:
            return json.loads(text)
        except ValueError:
            return text
    code = isinstance(before, str) or (text.startswith(("0", "+", "۰", "٠")) and len(text) > 1)
    try:
        return read_trait(text, code=code, date=False)
    except BadCell:
        return text.strip()
