"""Many people out of few: everybody of a workspace once more, so many times, with all that they did. Rows look as the house leaves them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

SPAN = (
    1 << 34
)  # between the ids of two copies of one contact: the bucket in the low bits stays; also between those of trips and messages

_MOVED = "x.{} + k * " + str(SPAN)
_CALLED = "x.{} || '-' || k"
_CONTACT = {"contact_id": _MOVED}
# Table → what is another's in a copy; the rest is the same. In this order: what is copied by way of contacts after them.
COPIED: Mapping[str, Mapping[str, str]] = {
    "contact_facts": _CONTACT,
    "contact_tag": _CONTACT,
    "consent": _CONTACT,
    "purchase": _CONTACT,
    "contact_search": _CONTACT,
    "segment_member": _CONTACT,
    "identity": {**_CONTACT, "value": _CALLED},
    "event": {**_CONTACT, "seq": "nextval('event_seq')", "message_id": _CALLED},
    "enrollment": {**_CONTACT, "id": _MOVED},
    "enrollment_past": {**_CONTACT, "id": _MOVED},
    "message": {**_CONTACT, "id": _MOVED, "enrollment_id": _MOVED},
    "contact": {"id": _MOVED, "key": _CALLED, "external_id": _CALLED},
}
_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""


def multiply(conn: psycopg.Connection[Any], workspace_id: int, copies: int) -> None:
    """So many copies beside everybody who is there; figures of journeys and statistics follow. conn: autocommit."""
    asked = {"workspace": workspace_id, "copies": copies}
    for table, changed in COPIED.items():
        conn.execute(_insert(conn, table, changed), asked)
    conn.execute(
        "UPDATE passage_count p SET n = n * (%(copies)s + 1), money = money * (%(copies)s + 1) WHERE version_id IN (SELECT v.id"
        " FROM journeys_version v JOIN journeys_journey j ON j.id = v.journey_id WHERE j.workspace_id = %(workspace)s)",
        asked,
    )
    for table in COPIED:
        conn.execute(SQL("VACUUM ANALYZE {}").format(Identifier(table)))


def _insert(conn: psycopg.Connection[Any], table: str, changed: Mapping[str, str]) -> Composed:
    names = [row[0] for row in conn.execute(_COLUMNS, (table,)).fetchall()]
    values = [
        SQL(changed[name]).format(Identifier(name)) if name in changed else SQL("x.{}").format(Identifier(name))
        for name in names
    ]
    own = "x.workspace_id = %(workspace)s"
    of_contact = "EXISTS (SELECT FROM contact c WHERE c.bucket = x.bucket AND c.id = x.contact_id AND c.workspace_id = %(workspace)s)"
    # Events come in the order of their application: where that is, a block's range tells what lies in it.
    order = "ORDER BY x.applied_at, k" if table == "event" else ""
    text = "INSERT INTO {} ({}) SELECT {} FROM {} x CROSS JOIN generate_series(1, %(copies)s::bigint) k WHERE {} {}"
    return SQL(text).format(
        Identifier(table),
        SQL(", ").join(map(Identifier, names)),
        SQL(", ").join(values),
        Identifier(table),
        SQL(own if "workspace_id" in names else of_contact),
        SQL(order),
    )
