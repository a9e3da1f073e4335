"""What lies in the built-in mailbox: the newest first, and one message opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Protocol

_NEWEST = """
    SELECT b.bucket, b.message_id, b.channel, b.address, b.subject, b.reason, b.at, m.journey_key, m.contact_id
      FROM mailbox b LEFT JOIN message m ON m.bucket = b.bucket AND m.id = b.message_id
     WHERE b.workspace_id = %(workspace)s AND (%(before)s::timestamptz IS NULL OR b.at <= %(before)s)
     ORDER BY b.at DESC, b.message_id DESC LIMIT %(limit)s"""
_ONE = """
    SELECT b.bucket, b.message_id, b.channel, b.address, b.subject, b.reason, b.at, m.journey_key, m.contact_id, b.source
      FROM mailbox b LEFT JOIN message m ON m.bucket = b.bucket AND m.id = b.message_id
     WHERE b.workspace_id = %(workspace)s AND b.bucket = %(bucket)s AND b.message_id = %(message)s"""


class Cursor(Protocol):
    """Django's cursor or psycopg's."""

    def execute(self, query: Any, params: Any = None) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the mailbox. reason: mailbox (the mode), not_team, sms, notice."""

    bucket: int
    message_id: int
    channel: str
    address: str | None
    subject: str | None
    reason: str
    at: datetime
    journey: str | None
    contact_id: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A message as it would have gone over the wire. html: empty where there is none; headers: those a person reads."""

    kept: Kept
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]


def read_mailbox(cursor: Cursor, workspace_id: int, *, before: datetime | None = None, limit: int = 50) -> list[Kept]:
    """The newest, or those from a moment back."""
    cursor.execute(_NEWEST, {"workspace": workspace_id, "before": before, "limit": limit})
    return [Kept(*row) for row in cursor.fetchall()]


def open_kept(cursor: Cursor, workspace_id: int, bucket: int, message_id: int) -> Opened | None:
    """One message; None where the workspace has none of that number."""
    cursor.execute(_ONE, {"workspace": workspace_id, "bucket": bucket, "message": message_id})
    row = cursor.fetchone()
    if row is None:
        return None
    kept, source = Kept(*row[:-1]), bytes(row[-1])
    if kept.channel != "email":
        return Opened(kept, source.decode("utf-8", "replace"), "", ())
    message = message_from_bytes(source, policy=default)
    shown = ("From", "To", "Reply-To", "Subject", "List-Unsubscribe")
    headers = tuple((name, str(message[name])) for name in shown if message[name])
    return Opened(kept, _part(message, "plain"), _part(message, "html"), headers)


def _part(message: EmailMessage[Any, Any], kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
