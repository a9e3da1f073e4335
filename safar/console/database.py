"""Sessions that a page uses beside Django's ORM. One that a page gave back clean is taken by the next: beginning one costs PostgreSQL a process
and both sides a handshake of thousands of hashes, 5 to 30 ms of a page that may take 100."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from safar.postgres.connections import connect, database_url

SECONDS = 60.0  # of one statement that a page waits for
KEPT = 8  # sessions that rest, for as many pages at once
RESTS = 30.0  # seconds that one may rest
# As it was begun; prepared statements stay, they are what makes it quick.
_CLEAN = "RESET ALL; CLOSE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"

_resting: deque[tuple[str, float, psycopg.Connection[Any]]] = deque()  # newest last; append and pop are atomic


@contextmanager
def session(seconds: float = SECONDS) -> Iterator[psycopg.Connection[Any]]:
    """A session of its own (autocommit), for services that want psycopg's: Django's reads json and times its own way.

    seconds: that one statement may take. It is nobody else's until the block ends, whatever is set or made in it."""
    url = database_url(os.environ)
    conn = _take(url) or connect(url, application_name="safar console", statement_timeout=SECONDS)
    before = (conn.prepare_threshold, conn.prepared_max, conn.row_factory)
    kept = False
    try:
        if seconds != SECONDS:
            conn.execute("SELECT set_config('statement_timeout', %s, false)", (f"{round(seconds * 1000)}ms",))
        yield conn
        # What an engine's session was made of is not what a page wants.
        kept = before == (conn.prepare_threshold, conn.prepared_max, conn.row_factory) and _rest(url, conn)
    finally:
        if not kept:
            conn.close()


def _take(url: str) -> psycopg.Connection[Any] | None:
    """One that rests and still answers; those that are too old, or of another database, are closed on the way."""
    while _resting:
        try:
            where, since, conn = _resting.pop()
        except IndexError:  # somebody was faster
            break
        if where == url and time.monotonic() - since < RESTS:
            try:
                conn.execute("SELECT")
            except psycopg.Error:
                pass
            else:
                return conn
        conn.close()
    return None


def _rest(url: str, conn: psycopg.Connection[Any]) -> bool:
    if len(_resting) >= KEPT or not conn.autocommit or conn.info.transaction_status != TransactionStatus.IDLE:
        return False
    try:
        conn.execute(_CLEAN)
    except psycopg.Error:
        return False
    _resting.append((url, time.monotonic(), conn))
    return True
