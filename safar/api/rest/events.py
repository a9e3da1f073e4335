"""Events: what happened to a contact, and the catalogue of names that come in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from psycopg.rows import dict_row
from pydantic import Field

from safar.api.rest import sessions
from safar.api.rest.contacts import of_workspace
from safar.api.rest.keys import Request, needs
from safar.api.rest.paging import After, Limit, read_place, write_place
from safar.api.rest.problems import Missing
from safar.api.rest.sessions import unpacked
from safar.api.rest.shapes import NAMED, NEXT, REFUSALS, example
from safar.contacts.ids import bucket
from safar.events.catalogue import read_catalogue
from safar.lib.faults import Fault, Refused

router = Router(tags=["events"])

_EVENTS = """
SELECT seq, timestamp, applied_at, type, name, properties, traits, context, message_id, cause FROM event
WHERE bucket = %(bucket)s AND contact_id = %(contact)s AND (%(name)s = '' OR name = %(name)s)
    AND (%(before)s::timestamptz IS NULL OR (timestamp, seq) < (%(before)s, %(seq)s))
ORDER BY timestamp DESC, seq DESC LIMIT %(limit)s
"""


ONE = {
    "seq": 40912,
    "timestamp": "2026-11-22T08:30:00Z",
    "applied_at": "2026-11-22T08:30:01Z",
    "type": "track",
    "name": "Order Completed",
    "properties": {"order_id": "1001", "total": 480000, "currency": "IRR"},
    "message_id": "order-1001",
}


class Event(Schema):
    model_config = example(**ONE)

    seq: int = Field(description="The order in which events were applied.")
    timestamp: datetime = Field(description="When it happened.")
    applied_at: datetime
    type: str = Field(description="track, identify, page, screen, group, alias, edit, or internal: Safar's own")
    name: str
    properties: dict[str, Any]
    traits: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    message_id: str | None = None
    cause: str | None = Field(None, description="Of an internal event: journey.point that caused it.")


class Events(Schema):
    model_config = example(data=[ONE], next=None)

    data: list[Event]
    next: str | None = NEXT


class Property(Schema):
    types: list[str] = Field(description="text, number, boolean, object, list, null")
    values: list[Any] = Field(description="Some that came; none of properties that look like personal data.")


class Name(Schema):
    model_config = example(
        type="track",
        name="Order Completed",
        count=1204,
        first_at="2026-03-21T06:30:00Z",
        last_at="2026-11-22T08:30:00Z",
        properties={
            "currency": {"types": ["text"], "values": ["IRR"]},
            "total": {"types": ["number"], "values": [480000]},
        },
    )

    type: str
    name: str
    count: int
    first_at: datetime
    last_at: datetime
    properties: dict[str, Property]


class Catalogue(Schema):
    data: list[Name]


@router.get(
    "/contacts/{int:id}/events",
    response={200: Events, **NAMED},
    summary="List the events of a contact",
    **needs("events:read"),
)
def list_events(
    request: Request,
    id: int,
    name: Annotated[
        str, Query(max_length=255, description="Only those of this name.", examples=["Order Completed"])
    ] = "",
    limit: Limit = 50,
    after: After = "",
) -> Any:
    """Applied ones, the newest first."""
    place = read_place(after, str, int)
    asked = {"bucket": bucket(id), "contact": id, "name": name, "limit": limit + 1, "before": None, "seq": None}
    if place:
        try:
            asked |= {"before": datetime.fromisoformat(place[0]), "seq": place[1]}
        except ValueError:
            raise Refused([Fault("after", "is no place of this list; give `next` of the page before")]) from None
    with sessions.reading() as conn:
        if not of_workspace(conn, request.auth.workspace.pk, id):
            raise Missing(f"there is no contact {id}")
        with conn.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(_EVENTS, asked).fetchall()
    shown, more = rows[:limit], len(rows) > limit
    data = [{**row, **{each: unpacked(row[each]) for each in ("properties", "traits", "context")}} for row in shown]
    last = shown[-1] if more else None
    return {"data": data, "next": write_place(last["timestamp"].isoformat(), last["seq"]) if last else None}


@router.get(
    "/events/names", response={200: Catalogue, **REFUSALS}, summary="The catalogue of names", **needs("events:read")
)
def list_names(request: Request) -> Any:
    """What comes in by the API and from files, with the types of its properties and some values. Counts are of what came since a name was known."""
    with sessions.reading() as conn:
        return {"data": [vars(each) for each in read_catalogue(conn, request.auth.workspace.pk)]}
