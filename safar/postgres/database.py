"""The database `safar` inside the embedded server, its owner, and the one test of a server's life: a connection."""

from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from safar.postgres.address import Address
from safar.postgres.cluster import ADMIN, OWNER
from safar.postgres.errors import FolderRefused, ServerSilent
from safar.postgres.folder import Folder

DATABASE = "safar"
_CONNECT_SECONDS = 10


class NoAnswer(Exception):
    """No server of this folder answers at the address now; a moment later one may. The text says what was heard."""


def reach(address: Address, folder: Folder) -> str:
    """Make sure that this folder's server answers there and has our database; returns its URL, with its password.

    NoAnswer when it does not; FolderRefused when it does not take the folder's passwords; ServerSilent when it answers
    and cannot work (a full disk).
    """
    try:
        with _admin(address, folder.pgpass) as conn:
            row = conn.execute("SHOW data_directory").fetchone()
            answered = Path(row[0] if row else "/").resolve()
            if answered != folder.data.resolve():
                raise NoAnswer(f"another server, of {answered}, listens there")
            password = passwords(folder.pgpass)[OWNER]
            _ensure(conn, password)
    except (FileNotFoundError, KeyError):
        raise FolderRefused(
            f"The file with the database's passwords, {folder.pgpass}, is missing or damaged.",
            "Bring it back from a backup of the data folder.",
        ) from None
    except psycopg.Error as error:
        said = str(error).strip()
        if "password authentication failed" in said:
            raise FolderRefused(
                f"The server on {folder.data} does not take the passwords in {folder.pgpass}.",
                "Bring the file back from a backup of the data folder, or set the old passwords again (ALTER ROLE).",
            ) from error
        # No state: refused or cut off by the network. 57 and 08: starting, stopping, killed while we spoke.
        if error.sqlstate is None or error.sqlstate[:2] in ("57", "08"):
            raise NoAnswer(said) from error
        raise ServerSilent(f"PostgreSQL on {folder.data} answers: {said}", "Mend what it names.") from error
    return _url(address, password)


def passwords(pgpass: Path) -> dict[str, str]:
    """User → password, from a file in libpq's format; ours have no colon in them."""
    lines = [line.split(":") for line in pgpass.read_text().split()]
    return {words[3]: words[4] for words in lines if len(words) == 5}


def _ensure(conn: psycopg.Connection[TupleRow], password: str) -> None:
    """Make the role and the database if they are not there yet."""
    if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone():
        # Hashed here, so that the password itself is in no statement and no log.
        verifier = conn.pgconn.encrypt_password(password.encode(), OWNER.encode(), b"scram-sha-256").decode()
        conn.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {} IN ROLE pg_monitor").format(
                sql.Identifier(OWNER), sql.Literal(verifier)
            )
        )
    if not conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
        # From template0, which initdb made with UTF8 and C.UTF-8, and which nobody can have filled.
        conn.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )


def _url(address: Address, password: str) -> str:
    # It has no certificate, and nothing leaves the machine: PGSSLMODE=require in somebody's shell is not about it.
    where = {"host": address.host, "port": str(address.port), "sslmode": "disable", "gssencmode": "disable"}
    return f"postgresql://{OWNER}:{quote(password, safe='')}@/{DATABASE}?{urlencode(where)}"


def _admin(address: Address, pgpass: Path) -> psycopg.Connection[TupleRow]:
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=ADMIN,
        password=passwords(pgpass)[ADMIN],
        dbname="postgres",
        autocommit=True,
        connect_timeout=_CONNECT_SECONDS,
        application_name="safar supervisor",
        sslmode="disable",
        gssencmode="disable",
    )
