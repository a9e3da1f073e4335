"""Contacts: find, get, list, edit. An edit goes in as an event and is applied within moments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import psycopg
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from safar.accounts.services import record
from safar.api.rest import sessions
from safar.api.rest.bodies import body_of, raw
from safar.api.rest.contact_rows import ONE, Brief, Contact, read_briefs, read_contact
from safar.api.rest.keys import Request, needs
from safar.api.rest.paging import After, Limit, read_place, write_place
from safar.api.rest.problems import Missing
from safar.api.rest.shapes import NAMED, NEXT, REFUSALS, WRITES, example
from safar.channels.consent.contact_pages import secret_keys
from safar.contacts.ids import bucket
from safar.contacts.names import ANONYMOUS, EMAIL, PHONE, USER, fold_email, fold_phone
from safar.contacts.person import find_person
from safar.events.editing import WAIT
from safar.events.editing import edit_contact as put_edit
from safar.events.reading import read_json
from safar.lib.faults import Fault, Refused
from safar.segments.people import list_people
from safar.website.vouching import CONTACT, GOOD_FOR, Visitor, sign_visitor

router = Router(tags=["contacts"])

_FIND = "SELECT contact_id FROM identity WHERE workspace_id = %s AND kind = %s AND value = %s"
_BY_KEY = (
    "SELECT contact_id FROM identity WHERE workspace_id = %s AND kind = ANY (%s) AND value = %s ORDER BY kind LIMIT 1"
)
EDIT = {
    "traits": {"first_name": "Sara", "old_field": None},
    "tags": {"add": ["vip"], "remove": ["new-customer"]},
    "consent": {"email": "given"},
    "topics": {"news": "left"},
    "reason": "said so on the phone",
}


class Contacts(Schema):
    model_config = example(data=[ONE], next="WzMsIDEyMjg4XQ")

    data: list[Brief]
    next: str | None = NEXT


class Accepted(Schema):
    """The edit is kept and will be applied within moments."""

    model_config = example(id=12288, accepted=True, applied=False)

    id: int
    accepted: bool = Field(description="Always true: an edit that is not accepted is answered with a problem.")
    applied: bool = Field(description="Whether it was applied within the time that `wait` allowed.")


class Vouched(Schema):
    model_config = example(visitor="WyJjIiw3LDAsMTIyODgsMTc5NTMzNjIwMF0:1vMh8w:pJ…", expires_at="2027-05-21T08:30:00Z")

    visitor: str
    expires_at: datetime


@router.get("/contacts", response={200: Contacts, **REFUSALS}, summary="List contacts", **needs("contacts:read"))
def list_contacts(request: Request, limit: Limit = 50, after: After = "") -> Any:
    """All contacts, in no order that means anything. A page may hold fewer than `limit`, or nobody: go on while there is a `next`."""
    place = read_place(after, int, int)
    with sessions.reading() as conn:
        people = list_people(conn, request.auth.workspace, after=(place[0], place[1]) if place else None, limit=limit)
        return {"data": read_briefs(conn, people.ids), "next": write_place(*people.after) if people.after else None}


Word = Annotated[str, Query(max_length=320)]
Wait = Annotated[float, Query(ge=0, le=WAIT, description="Seconds to wait for the edit to be applied.")]


@router.get("/contacts/find", response={200: Contact, **NAMED}, summary="Find a contact", **needs("contacts:read"))
def find_contact(
    request: Request,
    user_id: Word = "",
    anonymous_id: Word = "",
    email: Word = "",
    phone: Word = "",
    key: Word = "",
) -> Any:
    """By one of its names: e-mail addresses in any case, phones as people type them. `key` looks among user ids, then anonymous ids."""
    asked = {"user_id": user_id, "anonymous_id": anonymous_id, "email": email, "phone": phone, "key": key}
    given = {name: value for name, value in asked.items() if value}
    if len(given) != 1:
        raise Refused([Fault("", f"give one of {', '.join(asked)}")])
    [(name, value)] = given.items()
    with sessions.reading() as conn:
        id = _look_up(conn, request.auth.workspace.pk, name, value)
        found = read_contact(conn, request.auth.workspace, id) if id is not None else None
    if found is None:
        raise Missing(f"no contact has this {name}")
    return found


@router.get(
    "/contacts/{int:id}/visitor",
    response={200: Vouched, **NAMED},
    summary="Vouch for a visitor",
    **needs("contacts:read"),
)
def vouch(request: Request, id: int) -> Any:
    """For whoever has signed in at your site as this contact: give it to the page's `safar('visitor', …)`, and pop-ups know their segments."""
    workspace, at = request.auth.workspace.pk, datetime.now(UTC)
    if not of_workspace(sessions.plain(), workspace, id):
        raise Missing(f"there is no contact {id}")
    visitor = sign_visitor(Visitor(CONTACT, workspace, bucket(id), id), at, secret_keys())
    return {"visitor": visitor, "expires_at": at + GOOD_FOR}


@router.get("/contacts/{int:id}", response={200: Contact, **NAMED}, summary="Get a contact", **needs("contacts:read"))
def get_contact(request: Request, id: int) -> Any:
    """With traits, facts, tags, consents and enrollments."""
    return whole(request, id)


@router.patch(
    "/contacts/{int:id}",
    response={202: Accepted, **WRITES},
    summary="Edit a contact",
    openapi_extra=body_of(
        "What is to change: `traits` (null removes one), `tags` to `add` and to `remove`, `consent` by channel, `topics` joined or left, "
        "a first or further `user_id`, a `note`; `reason` is kept with it.",
        EDIT,
    ),
    **needs("contacts:write"),
)
def edit_contact(request: Request, id: int, wait: Wait = 0.0) -> Any:
    """Goes in as an event, as everything does that changes a contact, and is applied within moments; journeys see it."""
    workspace, conn = request.auth.workspace, sessions.plain()
    sent = read_json(raw(request))
    if not isinstance(sent, dict):
        raise Refused([Fault("", "the body has to be a JSON object")])
    person = find_person(conn, workspace.pk, id)
    if person is None or person.merged_into is not None or person.erased_at is not None:
        raise Missing(f"there is no contact {id}")
    by = request.auth.name
    applied = put_edit(conn, workspace_id=workspace.pk, contact=id, by=by, said=sent, by_hand=False, wait=wait)
    record(workspace, by, "edit_contact", f"contact:{id}", {"fields": sorted(sent)})
    return Status(202, {"id": id, "accepted": True, "applied": applied})


def whole(request: Request, id: int) -> dict[str, Any]:
    """The contact, or 404."""
    found = None
    if 0 <= id < 2**63:
        with sessions.reading() as conn:
            found = read_contact(conn, request.auth.workspace, id)
    if found is None:
        raise Missing(f"there is no contact {id}")
    return found


def of_workspace(conn: psycopg.Connection[Any], workspace: int, id: int) -> bool:
    """Whether the workspace has this contact."""
    if not 0 <= id < 2**63:
        return False
    asked = (bucket(id), id, workspace)
    row = conn.execute("SELECT FROM contact WHERE bucket = %s AND id = %s AND workspace_id = %s", asked).fetchone()
    return row is not None


def _look_up(conn: psycopg.Connection[Any], workspace: int, name: str, value: str) -> int | None:
    if name == "key":
        row = conn.execute(_BY_KEY, (workspace, [USER, ANONYMOUS], value)).fetchone()
    else:
        kind, folded = {
            "user_id": (USER, value),
            "anonymous_id": (ANONYMOUS, value),
            "email": (EMAIL, fold_email(value)),
            "phone": (PHONE, fold_phone(value)),
        }[name]
        row = conn.execute(_FIND, (workspace, kind, folded)).fetchone() if folded else None
    return int(row[0]) if row else None
