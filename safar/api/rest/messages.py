"""Messages: what was decided to be sent, from the hand-over on. What still waits for its time is not among them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from psycopg.rows import dict_row
from pydantic import Field

from safar.api.rest import sessions
from safar.api.rest.keys import Request, needs
from safar.api.rest.paging import After, Limit, read_place, write_place
from safar.api.rest.problems import Missing
from safar.api.rest.shapes import NAMED, NEXT, REFUSALS, example
from safar.contacts.ids import bucket
from safar.lib.faults import Fault, Refused

router = Router(tags=["messages"])

STATES = ("pending", "sending", "retry_wait", "accepted", "failed", "skipped", "in_doubt", "assumed_sent")
SCAN = 5_000  # messages looked at for one page: of a contact all, else a part of the table
_COLUMNS = (
    "id, contact_id, journey_key AS journey, point_key AS point, kind, channel, class, topic, template, variant, language,"
    " address, state, reason, provider, provider_id, attempt, subject, decided_at, accepted_at, settled_at"
)
_FILTER = """
workspace_id = %(workspace)s AND (%(journey)s = '' OR journey_key = %(journey)s) AND (%(state)s = '' OR state = %(state)s)
"""
_END = "SELECT bucket, id FROM message WHERE (bucket, id) > (%(bucket)s, %(id)s) ORDER BY bucket, id OFFSET %(scan)s LIMIT 1"
_PAGE = f"""
SELECT bucket, {_COLUMNS} FROM message WHERE (bucket, id) > (%(bucket)s, %(id)s) AND (bucket, id) <= (%(to_bucket)s, %(to_id)s) AND {_FILTER}
ORDER BY bucket, id LIMIT %(limit)s
"""
_OF_CONTACT = f"""
SELECT bucket, {_COLUMNS} FROM message WHERE bucket = %(to_bucket)s AND contact_id = %(contact)s AND id > %(id)s AND {_FILTER}
ORDER BY id LIMIT %(limit)s
"""
_ONE = f"SELECT {_COLUMNS}, said, body_text, body_html FROM message WHERE id = %s AND workspace_id = %s AND bucket = %s"
_WHERE = "SELECT bucket FROM generate_series(0, 1023) b (bucket) WHERE EXISTS (SELECT FROM message m WHERE m.bucket = b.bucket AND m.id = %s)"

ONE = {
    "id": 912,
    "contact_id": 12288,
    "journey": "welcome",
    "point": "greet",
    "kind": "message",
    "channel": "email",
    "class": "marketing",
    "template": "welcome-1",
    "language": "fa",
    "address": "sara@example.com",
    "state": "accepted",
    "provider": "smtp",
    "attempt": 1,
    "subject": "خوش آمدید",
    "decided_at": "2026-11-22T08:30:00Z",
    "accepted_at": "2026-11-22T08:30:02Z",
    "settled_at": "2026-11-22T08:30:02Z",
}


class Message(Schema):
    model_config = {**example(**ONE), "populate_by_name": True}

    id: int
    contact_id: int
    journey: str | None = None
    point: str | None = None
    kind: str
    channel: str
    class_: str = Field(alias="class", description="marketing, transactional, notice")
    topic: str | None = None
    template: str | None = None
    variant: str | None = None
    language: str | None = None
    address: str | None = None
    state: str = Field(description=", ".join(STATES))
    reason: str | None = Field(None, description="A word: why skipped, failed, waiting, in doubt.")
    provider: str | None = None
    provider_id: str | None = None
    attempt: int = Field(description="Hand-overs that were begun.")
    subject: str | None = None
    decided_at: datetime
    accepted_at: datetime | None = None
    settled_at: datetime | None = None


class WholeMessage(Message):
    """A message with what it said."""

    model_config = {**example(**ONE, body_text="سلام سارا…", body_html="<p>سلام سارا…</p>"), "populate_by_name": True}

    said: str | None = Field(None, description="The provider's own words, or the fault of the template.")
    body_text: str | None = None
    body_html: str | None = None


class Messages(Schema):
    model_config = example(data=[ONE], next=None)

    data: list[Message]
    next: str | None = NEXT


@router.get(
    "/messages", response={200: Messages, **REFUSALS}, summary="List messages", by_alias=True, **needs("messages:read")
)
def list_messages(
    request: Request,
    journey: Annotated[str, Query(max_length=64, description="Key of a journey.", examples=["welcome"])] = "",
    contact_id: Annotated[int | None, Query(ge=0, lt=2**63, description="Of one contact.")] = None,
    state: Annotated[str, Query(description=", ".join(STATES), examples=["accepted"])] = "",
    limit: Limit = 50,
    after: After = "",
) -> Any:
    """In no order that means anything; of one contact in the order of decision. Go on while there is a `next`."""
    if state and state not in STATES:
        raise Refused([Fault("state", f"is none of {', '.join(STATES)}")])
    place = read_place(after, int, int) or (-1, -1)
    asked = {
        "workspace": request.auth.workspace.pk, "journey": journey, "state": state, "bucket": place[0], "id": place[1],
        "scan": SCAN - 1, "limit": limit, "contact": contact_id, "to_bucket": 0, "to_id": 0,
    }  # fmt: skip
    with sessions.reading() as conn, conn.cursor(row_factory=dict_row) as cursor:
        end = None
        if contact_id is not None:
            rows = cursor.execute(_OF_CONTACT.encode(), {**asked, "to_bucket": bucket(contact_id)}).fetchall()
        else:
            end = cursor.execute(_END, asked).fetchone()
            to = {"to_bucket": end["bucket"], "to_id": end["id"]} if end else {"to_bucket": 1024, "to_id": 0}
            rows = cursor.execute(_PAGE.encode(), asked | to).fetchall()
    last = rows[-1] if len(rows) == limit else end
    return {"data": rows, "next": write_place(last["bucket"], last["id"]) if last else None}


@router.get(
    "/messages/{int:id}",
    response={200: WholeMessage, **NAMED},
    summary="Get a message",
    by_alias=True,
    **needs("messages:read"),
)
def get_message(request: Request, id: int) -> Any:
    """With its bodies, as they were handed over."""
    with sessions.reading() as conn, conn.cursor(row_factory=dict_row) as cursor:
        found = None
        if id < 2**63:
            for row in cursor.execute(_WHERE, (id,)).fetchall():  # the key begins with the bucket: 1,024 probes, 2 ms
                found = (
                    found or cursor.execute(_ONE.encode(), (id, request.auth.workspace.pk, row["bucket"])).fetchone()
                )
    if found is None:
        raise Missing(f"there is no message {id}")
    return found
