"""What stands behind an unsubscribe link: whom it is about, and the unsubscribing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from safar.channels.tokens import Unsubscribe
from safar.outbox.statements import statement

ONE_CLICK, PAGE = "one_click", "page"  # how it was asked for: kept as the proof

_WHO = """
    SELECT w.name, coalesce(m.language, c.language, w.language), coalesce(m.channel, 'email'), m.address
      FROM contact c
      JOIN accounts_workspace w ON w.id = c.workspace_id
      LEFT JOIN message m ON m.bucket = c.bucket AND m.id = %(message_id)s AND m.contact_id = c.id
     WHERE c.bucket = %(bucket)s AND c.id = %(contact_id)s AND c.workspace_id = %(workspace_id)s"""


class Cursor(Protocol):
    """Django's cursor or psycopg's."""

    def execute(self, query: Any, params: Any = None) -> Any: ...
    def fetchone(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the page shows."""

    workspace: str
    language: str  # fa | en
    channel: str
    address: str | None


def look_up(cursor: Cursor, what: Unsubscribe) -> Subscription | None:
    """Whom a token is about; None where the contact is not there any more. Changes nothing."""
    cursor.execute(_WHO, _columns(what))
    row = cursor.fetchone()
    if row is None:
        return None
    return Subscription(row[0], "fa" if str(row[1]).startswith("fa") else "en", row[2], row[3])


def unsubscribe(cursor: Cursor, what: Unsubscribe, *, method: str, now: datetime | None = None) -> bool:
    """Suppress the addresses and withdraw the consent, in one statement. False where the contact is not there any more."""
    sql = statement("unsubscribe", "safar.channels").as_string(None)
    cursor.execute(sql, {**_columns(what), "method": method, "now": now})
    return cursor.fetchone() is not None


def _columns(what: Unsubscribe) -> dict[str, int]:
    return {
        "workspace_id": what.workspace_id,
        "contact_id": what.contact_id,
        "bucket": what.bucket,
        "message_id": what.message_id,
    }
