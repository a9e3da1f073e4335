"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from safar.console.tests.walking import Entry, Side

IDS = {"bucket": "sent_bucket", "number": "sent_number"}
ENTRIES = {
    "sent": Entry(),
    "sent_message": Entry(ids=IDS),
    "sent_html": Entry(ids=IDS),
    "sent_resend": Entry("editor", ids=IDS),
    "sent_assume": Entry("editor", ids=IDS),
}


def fill(side: Side) -> None:
    side.ids["sent_bucket"], side.ids["sent_number"] = 7, side.workspace.pk
    put(side.workspace.pk, 7, side.workspace.pk, subject=side.marker, body_html=f"<p>{side.marker}</p>")


def put(workspace_id: int, bucket: int, number: int, **columns: Any) -> None:
    """A message that came to its end, of nobody's journey; columns: what is to be otherwise."""
    given = {
        "bucket": bucket, "id": number, "workspace_id": workspace_id, "contact_id": 0, "journey_id": 0, "enrollment_id": number,
        "entry_no": 1, "trail_pos": 1, "point": 0, "kind": "message", "channel": "email", "class": "marketing",
        "address": "mina@shop.example", "state": "accepted", "provider": "mailbox", "subject": "Hello", "body_html": "<p>Hello</p>",
        "body_text": "Hello\n", "sender": "Shop <shop@shop.example>", "decided_at": "2026-03-21T12:00:00Z",
        "accepted_at": "2026-03-21T12:00:01Z", **columns,
    }  # fmt: skip
    places = ", ".join(["%s"] * len(given))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO message ({', '.join(given)}) VALUES ({places})", list(given.values()))
