"""Sessions that a page uses beside Django's ORM."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from safar.postgres.connections import connect, database_url

SECONDS = 60.0  # of one statement that a page waits for


@contextmanager
def session(seconds: float = SECONDS) -> Iterator[psycopg.Connection[Any]]:
    """A session of its own (autocommit), for services that want psycopg's: Django's reads json and times its own way.

    seconds: that one statement may take."""
    with connect(database_url(os.environ), application_name="safar console", statement_timeout=seconds) as conn:
        yield conn
