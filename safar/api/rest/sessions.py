"""Sessions on the database: Django's own for reading, one of its own for services whose session becomes an engine's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from django.db import connection

from safar.postgres.connections import connect, database_url

SECONDS = 10.0  # of one reading that a caller waits for
ACTING_SECONDS = 60.0  # of one statement of publishing and its kin


def plain() -> psycopg.Connection[Any]:
    """Django's own session (autocommit)."""
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)


@contextmanager
def reading(seconds: float = SECONDS) -> Iterator[psycopg.Connection[Any]]:
    """Django's own session within one read-only transaction. Raises psycopg.errors.QueryCanceled for what takes too long."""
    conn = plain()
    with conn.transaction():
        conn.execute("SET TRANSACTION READ ONLY")
        conn.execute("SELECT set_config('statement_timeout', %s, true)", (str(round(seconds * 1000)),))
        yield conn


@contextmanager
def acting() -> Iterator[psycopg.Connection[Any]]:
    """A session for services that move people."""
    with connect(database_url(os.environ), application_name="safar api", statement_timeout=ACTING_SECONDS) as conn:
        yield conn


def unpacked(value: Any) -> Any:
    """jsonb, which Django's sessions leave as text."""
    return json.loads(value) if isinstance(value, str) else value
