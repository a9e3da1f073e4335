"""Which tables say something of a contact: the database knows, so that one that comes later is neither forgotten in an export nor in an erasure."""

from __future__ import annotations

from typing import Any

import psycopg

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'contact_id' AND NOT a.attisdropped
JOIN pg_attribute b ON b.attrelid = c.oid AND b.attname = 'bucket' AND NOT b.attisdropped
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND c.relnamespace = current_schema()::regnamespace
"""


def tables_of_contacts(conn: psycopg.Connection[Any]) -> set[str]:
    """Those with a bucket and a contact's number in every row."""
    return {row[0] for row in conn.execute(_TABLES).fetchall()}
