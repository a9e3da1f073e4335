"""Everything that is kept of one person, table by table. Which tables there are the database says: a new one that names a contact comes
along by itself, until somebody says here why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from safar.contacts.ids import bucket
from safar.contacts.whose import tables_of_contacts

# What says nothing of a person that does not stand elsewhere: how the house finds and wakes them, and earlier files of this very kind.
NOT_THEIRS = frozenset(("contact_search", "contact_watch", "person_file", "set_aside", "outbox", "report_wait"))
# In this order; others follow by their names.
FIRST = (
    "contact", "identity", "contact_facts", "contact_tag", "consent", "consent_record", "suppression", "right_request", "confirmation",
    "purchase", "event", "inbox", "message", "enrollment", "enrollment_past", "enrollment_entry", "segment_member",
)  # fmt: skip
# Bytes of a mail as it went over the wire are the message's text once more.
LEFT_OUT = ("bucket", "workspace_id", "trail", "traits_at")

_ROWS = SQL("SELECT to_jsonb(t) FROM {table} t WHERE t.bucket = %(bucket)s AND t.contact_id = %(contact)s")
_ORDERS = {"event": " ORDER BY t.seq", "message": " ORDER BY t.decided_at, t.id", "consent_record": " ORDER BY t.id"}
_OTHERS = {
    "contact": "SELECT to_jsonb(t) FROM contact t WHERE t.bucket = %(bucket)s AND t.id = %(contact)s",
    "identity": "SELECT to_jsonb(t) FROM identity t WHERE t.contact_id = %(contact)s AND t.workspace_id = %(workspace)s ORDER BY t.kind, t.value",
    "suppression": (
        "SELECT to_jsonb(t) FROM suppression t JOIN contact c ON c.bucket = %(bucket)s AND c.id = %(contact)s WHERE t.workspace_id = %(workspace)s"
        " AND ((t.channel = 'email' AND t.address = lower(btrim(c.email))) OR (t.channel = 'sms' AND t.address = btrim(c.phone))"
        # a number stands there in E.164, as it is known by, however it was typed
        " OR (t.channel, t.address) IN (SELECT CASE i.kind WHEN 3 THEN 'email' ELSE 'sms' END, i.value FROM identity i"
        " WHERE i.contact_id = c.id AND i.workspace_id = t.workspace_id AND i.kind IN (3, 4)))"
    ),
    "enrollment_entry": (
        "SELECT to_jsonb(t) FROM enrollment_entry t JOIN enrollment e ON e.bucket = t.bucket AND e.id = t.enrollment_id"
        " WHERE e.bucket = %(bucket)s AND e.contact_id = %(contact)s"
    ),
}
_MERGED = """
WITH RECURSIVE one (id) AS (
    SELECT %(contact)s::bigint
    UNION SELECT c.id FROM contact c JOIN one ON c.merged_into = one.id WHERE c.workspace_id = %(workspace)s
) SELECT id FROM one
"""


def who_they_were(conn: psycopg.Connection[Any], workspace_id: int, contact: int) -> list[int]:
    """The contact and whomever it has taken in by merging."""
    return [row[0] for row in conn.execute(_MERGED, {"workspace": workspace_id, "contact": contact}).fetchall()]


def tables(conn: psycopg.Connection[Any]) -> list[str]:
    """Where something of a person may stand, in the order of the file."""
    found = tables_of_contacts(conn) | _OTHERS.keys()
    return sorted(found - NOT_THEIRS, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def rows(
    conn: psycopg.Connection[Any], workspace_id: int, people: Sequence[int], table: str
) -> Iterator[dict[str, Any]]:
    """A table's rows of these people, one after the other: a long history takes no memory."""
    query = (
        SQL(_OTHERS[table]) if table in _OTHERS else _ROWS.format(table=Identifier(table)) + SQL(_ORDERS.get(table, ""))
    )
    for one in people:
        asked = {"bucket": bucket(one), "contact": one, "workspace": workspace_id}
        with conn.transaction(), conn.cursor(name="everything") as cursor:
            for (row,) in cursor.execute(query, asked):
                yield {name: value for name, value in row.items() if name not in LEFT_OUT and value is not None}
