"""What people asked for by right: everything that is kept about them, or that it is erased. The law gives 30 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import psycopg
from psycopg.rows import class_row

from safar.contacts.ids import bucket

EXPORT, ERASE = "export", "erase"
OPEN, DONE, REFUSED = "open", "done", "refused"
CONTACT = "contact"  # by: the person themselves, by the link in a message
DAYS = 30

_ASK = """
INSERT INTO right_request (workspace_id, bucket, contact_id, kind, by, reason, asked_at, due_at)
VALUES (%(workspace)s, %(bucket)s, %(contact)s, %(kind)s, %(by)s, %(reason)s, %(now)s, %(due)s)
ON CONFLICT (bucket, contact_id, kind) WHERE state = 'open' DO NOTHING
"""
_END = """
UPDATE right_request SET state = %(state)s, ended_at = %(now)s, ended_by = %(by)s, reason = CASE WHEN %(reason)s = '' THEN reason ELSE %(reason)s END
WHERE workspace_id = %(workspace)s AND state = 'open' AND (id = %(id)s OR (contact_id = %(contact)s AND kind = %(kind)s))
"""
_LIST = """
SELECT r.id, r.contact_id, r.kind, r.state, r.by, r.reason, r.asked_at, r.due_at, r.ended_at, r.ended_by,
    concat_ws(' ', c.traits ->> 'first_name', c.traits ->> 'last_name') AS name, coalesce(c.email, c.phone, c.external_id, '') AS known_as,
    c.erased_at IS NOT NULL OR c.id IS NULL AS erased
FROM right_request r LEFT JOIN contact c ON c.bucket = r.bucket AND c.id = r.contact_id
WHERE r.workspace_id = %(workspace)s AND (%(state)s = '' OR r.state = %(state)s) AND r.id < %(before)s
ORDER BY r.id DESC LIMIT %(size)s
"""
_OPEN_OF = "SELECT id FROM right_request WHERE workspace_id = %s AND bucket = %s AND contact_id = %s AND kind = %s AND state = 'open'"
_OPEN = "SELECT count(*), min(due_at) FROM right_request WHERE workspace_id = %s AND state = 'open'"


class Cursor(Protocol):
    """Django's or psycopg's; a psycopg connection as well."""

    def execute(self, query: Any, params: Any = None) -> Any: ...


@dataclass(frozen=True, slots=True)
class Request:
    """name, known_as: of the contact as it is now; empty once it is erased."""

    id: int
    contact_id: int
    kind: str
    state: str
    by: str
    reason: str
    asked_at: datetime
    due_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    name: str
    known_as: str
    erased: bool


def ask(
    cursor: Cursor,
    *,
    workspace_id: int,
    contact: int,
    kind: str,
    by: str,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """Put it down. Asking again while it is open changes nothing."""
    now = now or datetime.now(UTC)
    asked = {
        "workspace": workspace_id,
        "bucket": bucket(contact),
        "contact": contact,
        "kind": kind,
        "by": by,
        "reason": reason,
    }
    cursor.execute(_ASK, {**asked, "now": now, "due": now + timedelta(days=DAYS)})


def end_request(
    conn: psycopg.Connection[Any],
    *,
    workspace_id: int,
    by: str,
    state: str = DONE,
    id: int = 0,
    contact: int = 0,
    kind: str = "",
    reason: str = "",
    now: datetime | None = None,
) -> bool:
    """It was done, or refused (with a reason): the one of this number, or the contact's open one of a kind. False where none was open."""
    asked = {
        "workspace": workspace_id,
        "state": state,
        "by": by,
        "id": id,
        "contact": contact,
        "kind": kind,
        "reason": reason,
    }
    return conn.execute(_END, {**asked, "now": now or datetime.now(UTC)}).rowcount > 0


def list_requests(
    conn: psycopg.Connection[Any], workspace_id: int, *, state: str = "", before: int = 2**62, size: int = 50
) -> list[Request]:
    """The newest first. state: empty for all."""
    asked = {"workspace": workspace_id, "state": state, "before": before, "size": size}
    with conn.cursor(row_factory=class_row(Request)) as cursor:
        return cursor.execute(_LIST, asked).fetchall()


def find_open(conn: psycopg.Connection[Any], workspace_id: int, contact: int, kind: str) -> int | None:
    """The number of the contact's open request of a kind."""
    row = conn.execute(_OPEN_OF, (workspace_id, bucket(contact), contact, kind)).fetchone()
    return row[0] if row else None


def count_open(conn: psycopg.Connection[Any], workspace_id: int) -> tuple[int, datetime | None]:
    """(how many are open, when the first of them has to be answered)."""
    row = conn.execute(_OPEN, (workspace_id,)).fetchone()
    return (row[0], row[1]) if row else (0, None)
