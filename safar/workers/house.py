"""`safar run`: the database, the tables, and all processes, in one process group, with a few calm lines about it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from safar.cli.failures import Failure
from safar.postgres.connections import connect, without_password
from safar.workers.child import Child
from safar.workers.epoch import check_epoch
from safar.workers.kept import KeptDatabase
from safar.workers.migrating import migrate
from safar.workers.supervisor import Supervisor

SIGN_IN_MINUTES = 15
Say = Callable[[str], None]


def run_house(
    *,
    host: str,
    port: int,
    engines: int,
    public_url: str,
    data_dir: Path,
    mail: str,
    demo: tuple[str, ...] | None,
    say: Say,
) -> None:
    """Bring everything up and stay until told to stop.

    demo: further words for the command `demo`, None for no demo. mail: where mail goes, in words. say: one line for the
    person at the terminal. Raises ServerFault where there is no database.
    """
    began = time.monotonic()
    _check_port(host, port)
    database = KeptDatabase()
    try:
        url = database.find()
        applied = migrate(url)
        with connect(url, application_name="safar run") as conn:
            may_send = check_epoch(conn, data_dir)
            server = conn.info.server_version // 10000
        where = f"embedded, data in {data_dir}" if database.embedded else without_password(url)
        say(f"[bold]Safar {version('safar')}[/bold]")
        say(f"  database    PostgreSQL {server}, {where}" + (f"; {len(applied)} migrations applied" if applied else ""))
        say(f"  web         {public_url}  (listens on {host}:{port})")
        say(f"  sign in     {public_url}/enter/{_owners_token()}/")
        say(f"              [dim]once, within {SIGN_IN_MINUTES} minutes; another: safar login-link[/dim]")
        say(f"  engine      {engines} process{'es' if engines > 1 else ''}")
        say(f"  mail        {mail}")
        if not may_send:
            say("  [yellow]held        this database was restored: nothing is sent until `safar release`[/yellow]")
        say(f"  [dim]up in {time.monotonic() - began:.1f} s; Ctrl-C stops it[/dim]")
        Supervisor(_children(engines, demo), database, say=say).run()
        say("  stopped")
    finally:
        database.close()


def _owners_token() -> str:
    """Of a link that signs the installation's owner in; a new installation gets its owner here."""
    from safar.accounts.links import create_sign_in_link
    from safar.accounts.members import find_or_make_owner

    return create_sign_in_link(member=find_or_make_owner())


def _check_port(host: str, port: int) -> None:
    """Said at once and in words: the web process would find out after everything else is up, and again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        mend = "End what listens there, or choose another port: --port 8001, or SAFAR_PORT."
        raise Failure(f"{host}:{port} cannot be listened on ({os.strerror(error.errno or 0)}).", mend) from None


def _children(engines: int, demo: tuple[str, ...] | None) -> list[Child]:
    children = [
        Child("web", ("web",)),
        *(Child(f"engine {number}" if engines > 1 else "engine", ("engine",)) for number in range(1, engines + 1)),
        Child("dispatcher", ("dispatcher",)),
    ]
    if demo is not None:
        children.append(Child("demo", ("demo", "--quiet", *demo), once=True))
    return children
