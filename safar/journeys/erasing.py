"""Erasing a person: everything that tells of them goes, an empty shell stays, so that the books of journeys and of sending close.

What stays: the shell's number, where and when its enrollments stood, and of each message point, state and time. `seen` stays as
it is: hashes that lead to nobody, and the reason why a client that sends an old message again does not bring the person back.
An address on the suppression list stays there as a keyed hash, so that nobody writes to it again and nobody can read it. Every table
that names contacts is emptied of them unless it is said here why not: one that comes later is not forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from safar.contacts.ids import bucket
from safar.contacts.person import find_person
from safar.contacts.suppressing import mask_suppression
from safar.contacts.whose import tables_of_contacts
from safar.journeys.compiler.tables import EXITS, LEAVING
from safar.journeys.traces import names_of, wipe_traces
from safar.lib.sqlfile import load_sql
from safar.outbox.resolve import discard_of_contact

AGAIN = timedelta(
    hours=3
)  # as long after an erasure it is looked whether something came by a name that a process still knew
_LANE = "SELECT l.id FROM lane l JOIN bucket_lane b ON b.lane = l.id WHERE b.bucket = %s FOR UPDATE OF l"
_MERGED = "SELECT id, merged_into FROM contact WHERE workspace_id = %s AND merged_into IS NOT NULL"  # one reading of everybody: erasing is rare
_WAITING_LOSERS = """
SELECT (i.properties ->> 'from')::bigint FROM inbox i JOIN bucket_lane b ON b.lane = i.lane
WHERE b.bucket = %(bucket)s AND i.bucket = b.bucket AND i.contact_id = %(contact)s AND i.type = 'absorb'
"""
_ALL = "WHERE bucket = %(bucket)s AND contact_id = %(contact)s"
# What is emptied of words and keeps its rows, because books are kept by them, and what is deleted in a way of its own.
KEPT = frozenset(("enrollment", "enrollment_past", "message", "outbox", "set_aside", "right_request", "inbox"))
# In this order: what hangs on messages and enrollments before them.
_STEPS = (
    # What the team was told of several people together goes as a whole: each notice of the others stays.
    "DELETE FROM mailbox b USING telling t JOIN message m ON m.bucket = 0 AND m.enrollment_id = -t.digest_id"
    " WHERE t.bucket = %(bucket)s AND t.contact_id = %(contact)s AND b.bucket = 0 AND b.message_id = m.id",
    "UPDATE message m SET subject = NULL, body_html = NULL, body_text = NULL FROM telling t"
    " WHERE t.bucket = %(bucket)s AND t.contact_id = %(contact)s AND m.bucket = 0 AND m.enrollment_id = -t.digest_id",
    "DELETE FROM mailbox b USING message m WHERE m.bucket = %(bucket)s AND m.contact_id = %(contact)s"
    " AND b.bucket = m.bucket AND b.message_id = m.id",
    # Who follows an old link still comes to the shop: to its front page, if the address was made for this one person.
    "UPDATE link SET url = substring(url FROM '^[a-zA-Z]+://[^/?#]+') || '/', contact_id = NULL WHERE workspace_id = %(workspace)s AND contact_id = %(contact)s",
    "UPDATE bounce b SET address = '' FROM message m WHERE m.bucket = %(bucket)s AND m.contact_id = %(contact)s"
    " AND b.bucket = m.bucket AND b.message_id = m.id",
    "DELETE FROM report_wait r USING message m WHERE m.bucket = %(bucket)s AND m.contact_id = %(contact)s"
    " AND r.bucket = m.bucket AND r.message_id = m.id",
    "UPDATE message SET address = NULL, subject = NULL, body_html = NULL, body_text = NULL, said = NULL, sender = NULL,"
    f" provider_id = NULL, message_id_header = NULL, pattern = NULL {_ALL}",
    "DELETE FROM enrollment_entry n USING enrollment e WHERE e.bucket = %(bucket)s AND e.contact_id = %(contact)s"
    " AND n.bucket = e.bucket AND n.enrollment_id = e.id",
    f"UPDATE enrollment SET one_per = 'erased:' || id {_ALL} AND one_per <> ''",
    f"UPDATE enrollment_past SET one_per = 'erased:' || id {_ALL} AND one_per <> ''",
    "DELETE FROM inbox i USING bucket_lane b WHERE b.bucket = %(bucket)s AND i.lane = b.lane AND i.bucket = b.bucket"
    " AND i.contact_id = %(contact)s",
    f"UPDATE set_aside SET error = '' {_ALL}",
    f"UPDATE right_request SET reason = '' {_ALL}",
)  # fmt: skip
_EMPTY = SQL("DELETE FROM {table} WHERE bucket = %(bucket)s AND contact_id = %(contact)s")
_SHELL = (
    "DELETE FROM identity WHERE contact_id = %(contact)s AND workspace_id = %(workspace)s",
    "UPDATE contact SET key = 'erased:' || id, external_id = NULL, email = NULL, phone = NULL, traits = '{}', traits_at = '{}', zone = NULL,"
    " language = NULL, erased_at = coalesce(erased_at, now()) WHERE bucket = %(bucket)s AND id = %(contact)s",
)
_CAME_AFTER = """
SELECT c.workspace_id, c.id FROM contact c WHERE c.erased_at > %(since)s AND (c.traits <> '{}' OR EXISTS (
    SELECT FROM event v WHERE v.bucket = c.bucket AND v.contact_id = c.id))
"""


def erase_contact(conn: Connection[Any], *, workspace_id: int, contact: int, key: str | None) -> int:
    """Erase the contact and whomever it has taken in by merging; returns how many shells there are now. Doing it twice is harmless.

    key: the installation's secret key, under which suppressed addresses are hashed; None where that was done before. A transaction for
    each of them, under the lock of its lane: no engine is at work on it then. The connection is idle.
    """
    asked = {"workspace": workspace_id, "bucket": bucket(contact), "contact": contact}
    if find_person(conn, workspace_id, contact) is None:
        return 0
    into: dict[int, list[int]] = defaultdict(list)
    for loser, winner in conn.execute(_MERGED, (workspace_id,)).fetchall():
        into[winner].append(loser)
    waiting = [row[0] for row in conn.execute(_WAITING_LOSERS, asked).fetchall()]
    people = [contact, *waiting]
    for one in people:  # grows as it goes: those that were merged into those that were merged
        people += [loser for loser in into[one] if loser not in people]
    tables = sorted(tables_of_contacts(conn) - KEPT)
    for one in reversed(people):
        with conn.transaction():
            _erase(conn, workspace_id, one, tables, key)
    return len(people)


def erase_again(conn: Connection[Any], now: datetime) -> int:
    """What came in after an erasure, by a process that still knew the name (for 30 seconds): called by housekeeping."""
    found = conn.execute(_CAME_AFTER, {"since": now - AGAIN}).fetchall()
    for workspace_id, contact in found:
        erase_contact(conn, workspace_id=workspace_id, contact=contact, key=None)
    return len(found)


def _erase(conn: Connection[Any], workspace_id: int, contact: int, tables: list[str], key: str | None) -> None:
    asked = {"workspace": workspace_id, "bucket": bucket(contact), "contact": contact}
    conn.execute(_LANE, (bucket(contact),))
    names = names_of(conn, workspace_id, contact)
    if key is not None:
        mask_suppression(conn, workspace_id=workspace_id, addresses=names.addresses, key=key)
    wipe_traces(conn, workspace_id, names)
    ended = {"why": EXITS.index("erased"), "leaving": LEAVING}
    conn.execute(load_sql("safar.journeys", "end_erased"), {**asked, **ended})
    discard_of_contact(conn, bucket=bucket(contact), contact=contact, reason="erased")
    for step in _STEPS:
        conn.execute(step.encode(), asked)
    for table in tables:
        conn.execute(_EMPTY.format(table=Identifier(table)), asked)
    for step in _SHELL:
        conn.execute(step.encode(), asked)
