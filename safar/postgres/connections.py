"""Which database to use, and sessions on it with the settings that hold everywhere."""

import atexit
import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow

from safar.postgres.binaries import SUPPORTED_MAJORS, data_home
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import ServerFault, ServerSilent, UnsupportedServer

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
_POLL_SECONDS = 0.1

# A dead network shows within a minute instead of after two hours; a socket has no use for it and ignores it.
_KEEPALIVES = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}

_servers: dict[Path, EmbeddedServer] = {}
_servers_lock = threading.Lock()


def database_url(env: Mapping[str, str]) -> str:
    """The URL of Safar's database, with its password: `SAFAR_DATABASE_URL`, else the embedded server's.

    The embedded server of `data_home(env)` is started if need be and used until this process ends; asking again is
    cheap, and brings a killed server back. ServerFault when neither is to be had. Does not connect to a configured one.
    """
    configured = env.get("SAFAR_DATABASE_URL", "").strip()
    if configured:
        try:
            conninfo_to_dict(configured)
        except psycopg.ProgrammingError:
            # libpq's own words repeat the value, and with it the password.
            raise ServerFault(
                "SAFAR_DATABASE_URL is not a database URL.",
                "Write it like postgresql://user:password@host:5432/database.",
            ) from None
        return configured
    home = data_home(env).resolve()
    with _servers_lock:
        if home not in _servers:
            server = EmbeddedServer(home)
            atexit.register(server.stop)
            _servers[home] = server
        return _servers[home].start()


def without_password(url: str) -> str:
    """What may be shown or logged of a URL: `host=… port=… user=… dbname=…`."""
    parts = conninfo_to_dict(url)
    shown = {key: parts[key] for key in ("host", "hostaddr", "port", "user", "dbname") if key in parts}
    return make_conninfo("", **shown)


def connect(
    url: str,
    *,
    application_name: str,
    autocommit: bool = True,
    statement_timeout: float | None = None,
    idle_in_transaction_timeout: float | None = None,
    settings: Mapping[str, str] | None = None,
) -> psycopg.Connection[TupleRow]:
    """A session in UTC, without jit, with timeouts in seconds (None or 0: none; engines give 10 for the idle one).

    `settings` are further session settings by name; like the others they come with the connection, cost no round trip
    and survive a rollback and RESET. `psycopg.OperationalError` when there is no connection within 10 seconds (the
    URL's connect_timeout goes first); UnsupportedServer when the server's version is not one of ours.
    """
    given = conninfo_to_dict(url)
    session = {
        "timezone": "UTC",
        "jit": "off",
        "statement_timeout": _milliseconds(statement_timeout),
        "idle_in_transaction_session_timeout": _milliseconds(idle_in_transaction_timeout),
        **(settings or {}),
    }
    options = " ".join(f"-c {name}={_escape(value)}" for name, value in session.items())
    asked: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        **_KEEPALIVES,
        **given,
        "options": f"{given.get('options') or ''} {options}".strip(),
        "application_name": application_name,
        "client_encoding": "UTF8",
    }
    conn = psycopg.connect(make_conninfo("", **asked), autocommit=autocommit)
    try:
        check_server_version(conn)
    except UnsupportedServer:
        conn.close()
        raise
    return conn


def check_server_version(conn: psycopg.Connection[TupleRow]) -> None:
    """UnsupportedServer unless the server is one of PostgreSQL 15 to 18. Costs nothing: the server said it at login."""
    version = conn.info.server_version
    if version // 10000 not in SUPPORTED_MAJORS:
        raise UnsupportedServer(
            f"The server {conn.info.host}:{conn.info.port} is PostgreSQL {version // 10000}.{version % 10000}.",
            f"Safar works with PostgreSQL {SUPPORTED_MAJORS[-1]} to {SUPPORTED_MAJORS[0]}:"
            " set SAFAR_DATABASE_URL to such a server, or unset it to use Safar's own.",
        )


def wait_until_ready(url: str, *, seconds: float = 60.0) -> None:
    """Return when the database takes connections. For a server that starts beside us, as containers do.

    UnsupportedServer at once; ServerSilent after `seconds` with what the server or the network said last. A wrong
    password is waited for as well: a new server knows its users only after a while.
    """
    deadline = time.monotonic() + seconds
    waited = False
    while True:
        try:
            connect(url, application_name="safar ready").close()
            return
        except psycopg.OperationalError as error:
            fault = str(error).strip()
        if time.monotonic() >= deadline:
            raise ServerSilent(
                f"The database {without_password(url)} could not be reached within {seconds:g} seconds ({fault}).",
                "Start that server, or mend SAFAR_DATABASE_URL.",
            )
        if not waited:
            log.info("waiting for the database %s (%s)", without_password(url), fault)
            waited = True
        time.sleep(_POLL_SECONDS)


def _milliseconds(seconds: float | None) -> str:
    return str(round((seconds or 0) * 1000))


def _escape(value: str) -> str:
    """A value inside libpq's `options`, where a blank separates and a backslash keeps."""
    return value.replace("\\", "\\\\").replace(" ", "\\ ")
