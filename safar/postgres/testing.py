"""A server and empty databases for tests. Nothing here knows pytest; a fixture file calls it.

Import the module, not the function, into test files: pytest takes a name that begins with `test_` for a test.
"""

import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from psycopg import sql
from psycopg.conninfo import make_conninfo

from safar.postgres.connections import connect, wait_until_ready
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import ServerFault

_PREFIX = "safar-test-"
# A killed test run's folder is cleared by a later run, but never one whose server is only just being started.
_LEFT_OVER_SECONDS = 600

_MEMORY = Path("/dev/shm")
_PLENTY_BYTES = 4 * 1024**3


@contextmanager
def test_server() -> Iterator[str]:
    """The URL of a server for this test run: `SAFAR_TEST_DATABASE_URL`'s, else an embedded one without fsync.

    The role in the URL may create databases. The embedded one lies in a temporary folder, is shared by the workers of
    one pytest-xdist run, and goes with the last of them; `SAFAR_TEST_POSTGRES_MAJOR` (15 to 18) chooses its version.
    ServerFault when it cannot be had.
    """
    configured = os.environ.get("SAFAR_TEST_DATABASE_URL", "").strip()
    if configured:
        wait_until_ready(configured)
        yield configured
        return
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(8)
    temporary = temporary_place()
    _clear_left_over(temporary)
    home = temporary / f"{_PREFIX}{os.geteuid()}-{run}"
    major = os.environ.get("SAFAR_TEST_POSTGRES_MAJOR")
    server = EmbeddedServer(home, prefer_major=int(major) if major else None, durable=False)
    try:
        yield server.start()
    finally:
        _remove(server)


# pytest leaves a function with this mark alone even where it was imported by name.
setattr(test_server, "__test__", False)  # noqa: B010


@contextmanager
def fresh_database(url: str, template: str | None = None) -> Iterator[str]:
    """The URL of a new database on the same server, dropped at the end with whoever is still connected to it.

    Empty (UTF8), or a copy of the database `template`, which nobody may be connected to.
    """
    name = f"test_{secrets.token_hex(6)}"
    with connect(url, application_name="safar tests") as conn:
        conn.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(template or "template0")
            )
        )
    try:
        yield with_database(url, name)
    finally:
        with connect(url, application_name="safar tests") as conn:
            # Not WITH (FORCE): it is refused to a plain role while autovacuum is there, which the plain form sends away itself.
            conn.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                (name,),
            )
            conn.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def temporary_place() -> Path:
    """Where test servers lie: `TMPDIR`, else memory where there is plenty of it, else the system's temporary folder.

    In memory a new database took 0.03 s instead of 0.33.
    """
    try:
        status = os.statvfs(_MEMORY)
    except OSError:
        return Path(tempfile.gettempdir())
    plenty = status.f_bavail * status.f_frsize >= _PLENTY_BYTES and os.access(_MEMORY, os.W_OK)
    return _MEMORY if plenty and "TMPDIR" not in os.environ else Path(tempfile.gettempdir())


def with_database(url: str, name: str) -> str:
    """The same URL (or conninfo) for another database of the same server."""
    if "://" in url:
        return urlsplit(url)._replace(path=f"/{name}").geturl()
    return make_conninfo(url, dbname=name)


def _clear_left_over(temporary: Path) -> None:
    for home in temporary.glob(f"{_PREFIX}{os.geteuid()}-*"):
        with suppress(OSError, ServerFault):
            status = home.lstat()
            if status.st_uid == os.geteuid() and time.time() - status.st_mtime > _LEFT_OVER_SECONDS:
                _remove(EmbeddedServer(home))


def _remove(server: EmbeddedServer) -> None:
    """Leave the server; the last one out removes the folder."""
    if server.discard():
        # Not empty: another worker has come in the meantime, and its server is the last now.
        with suppress(OSError):
            server.home.rmdir()
