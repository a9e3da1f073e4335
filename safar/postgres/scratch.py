"""Schemas for a while: a back-test's tables, removed at its end, or by the next one when it was killed.

Each creator holds an advisory lock in its session as long as it lives; the lock's key stands in the schema's name. The
lock only tells the living from the dead: names are unique without it.
"""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from safar.postgres.connections import connect

log = logging.getLogger(__name__)

_MARK = "scratch schema of Safar"
_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,29}")
_NAME = re.compile(r"scratch_[a-z][a-z0-9_]*_([0-9a-f]{16})")


@contextmanager
def scratch_schema(url: str, prefix: str) -> Iterator[psycopg.Connection[TupleRow]]:
    """A connection (autocommit) whose search_path is a new schema, then public; the schema goes at the end.

    `prefix` (small letters, digits, _; at most 30) is for people who look. The schema is `current_schema()`. A lost
    connection leaves it to `drop_stale_scratch`. ValueError for another kind of prefix.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"a scratch prefix is 1 to 30 small letters, digits or _, not {prefix!r}")
    key = secrets.token_hex(8)
    name = f"scratch_{prefix}_{key}"
    with connect(url, application_name=f"safar {prefix}", settings={"search_path": f"{name}, public"}) as conn:
        # The lock first: from its first moment the schema must not look abandoned.
        conn.execute("SELECT pg_advisory_lock(%s)", (_signed(key),))
        conn.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        conn.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(name), sql.Literal(_MARK)))
        try:
            yield conn
        finally:
            _drop_own(conn, name)


def drop_stale_scratch(conn: psycopg.Connection[TupleRow]) -> list[str]:
    """Drop the scratch schemas of this database whose creator's session is gone; returns their names.

    For an autocommit connection: each schema goes in a transaction of its own.
    """
    rows = conn.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s AND obj_description(oid, 'pg_namespace') = %s"
        " AND pg_has_role(nspowner, 'USAGE') ORDER BY nspname",
        (r"scratch\_%", _MARK),
    ).fetchall()
    return [name for (name,) in rows if _drop_if_stale(conn, name)]


def _drop_if_stale(conn: psycopg.Connection[TupleRow], name: str) -> bool:
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    with conn.transaction():
        free = conn.execute("SELECT pg_try_advisory_xact_lock(%s)", (_signed(found[1]),)).fetchone()
        if not (free and free[0]):
            return False
        conn.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
    return True


def _drop_own(conn: psycopg.Connection[TupleRow], name: str) -> None:
    """Drop the schema whatever state the caller left the connection in; never hide the caller's own error."""
    try:
        conn.rollback()
        conn.autocommit = True
        conn.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
    except psycopg.Error as error:
        log.warning("the schema %s stays until scratch schemas are cleared: %s", name, str(error).strip())


def _signed(key: str) -> int:
    """16 hexadecimal digits as the signed bigint that names an advisory lock."""
    return int.from_bytes(bytes.fromhex(key), signed=True)
