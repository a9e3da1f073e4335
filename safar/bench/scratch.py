"""A migrated database for one benchmark, dropped at its end; Django and whatever asks the environment use it meanwhile."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from safar.postgres.connections import connect

ATTEMPTS = 6  # each waits up to five seconds for whoever is still there
VARIABLE = "SAFAR_DATABASE_URL"


@contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """The URL of a new database with all migrations on the server of ``server``, whose role may create databases."""
    name = f"safar_bench_{secrets.token_hex(6)}"
    with connect(server, application_name="safar bench") as conn:
        conn.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
    url = _with_database(server, name)
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = url
    try:
        # a process of its own: its connections are gone when the database is dropped
        subprocess.run([sys.executable, "-m", "safar", "migrate"], check=True, capture_output=True)
        yield url
    finally:
        _forget_connections()
        if before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = before
        _drop(server, name)


def _drop(server: str, name: str) -> None:
    """Without FORCE, which is refused while autovacuum is at work there; a plain DROP sends autovacuum away."""
    with connect(server, application_name="safar bench") as conn:
        for attempt in range(ATTEMPTS):
            conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                (name,),
            )
            try:
                conn.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            except errors.ObjectInUse:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                return


def _forget_connections() -> None:
    from django.db import connections

    connections.close_all()


def _with_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl() if "://" in url else make_conninfo(url, dbname=name)
