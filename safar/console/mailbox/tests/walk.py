"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

from django.db import connection

from safar.console.tests.walking import Entry, Side

IDS = {"bucket": "mailbox_bucket", "message_id": "mailbox_message"}
ENTRIES = {"mailbox": Entry(), "mailbox_message": Entry(ids=IDS), "mailbox_html": Entry(ids=IDS)}


def fill(side: Side) -> None:
    side.ids["mailbox_bucket"], side.ids["mailbox_message"] = 7, side.workspace.pk
    put(side.workspace.pk, 7, side.workspace.pk, subject=side.marker)


def put(workspace_id: int, bucket: int, message_id: int, *, subject: str, html: str = "<p>Hello</p>") -> None:
    """A letter in the mailbox."""
    source = (
        "From: Shop <shop@shop.example>\r\nTo: mina@shop.example\r\n"
        f"Subject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello {subject}\r\n"
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}<!-- {subject} -->\r\n--b--\r\n"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mailbox (bucket, message_id, workspace_id, channel, address, subject, reason, source, at)"
            " VALUES (%s, %s, %s, 'email', 'mina@shop.example', %s, 'mailbox', %s, now())",
            [bucket, message_id, workspace_id, subject, source.encode()],
        )
