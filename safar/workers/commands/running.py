"""`run` and what it is made of."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.failures import Failure
from safar.cli.options import Json
from safar.cli.session import find_database
from safar.workers.commands.settings import settings

PANEL = "Run"


def run(
    empty: Annotated[bool, typer.Option("--empty", help="Load no demo workspaces.")] = False,
    contacts: Annotated[int | None, typer.Option(help="Contacts of the demo.", min=1)] = None,
    port: Annotated[int | None, typer.Option(help="Instead of SAFAR_PORT.", min=1, max=65535)] = None,
) -> None:
    """Start everything: database, web, engine, dispatcher. Ctrl-C stops it."""
    if port is not None:
        os.environ["SAFAR_PORT"] = str(port)
    chosen = settings()
    from safar.workers.house import run_house

    run_house(
        host=chosen.host,
        port=chosen.port,
        engines=chosen.engines,
        public_url=chosen.public_url,
        data_dir=chosen.data_dir,
        mail={
            "mailbox": "stays in the built-in mailbox (SAFAR_EMAIL_URL sends it)",
            "team": "to the team's addresses at most, as each workspace says",
            "live": "as each workspace says: safar workspace set SLUG --send-mode live",
        }[chosen.send_mode],
        demo=None if empty else (("--contacts", str(contacts)) if contacts else ()),
        say=output.say,
    )


def web() -> None:
    """Run a web process alone."""
    chosen = settings()
    from safar.workers.serve import serve_web

    serve_web(find_database(), chosen.host, chosen.port)


def engine() -> None:
    """Run an engine alone; as many as wanted, on as many machines."""
    settings()
    from safar.workers.serve import serve_engine

    serve_engine(find_database())


def dispatcher() -> None:
    """Run a dispatcher alone; as many as wanted, on as many machines."""
    chosen = settings()
    from django.conf import settings as django_settings

    from safar.workers.serve import sending_of, serve_dispatcher

    serve_dispatcher(find_database(), sending_of(chosen, django_settings.SECRET_KEY))


def migrate(
    check: Annotated[bool, typer.Option("--check", help="Only say what models and migrations differ in.")] = False,
    as_json: Json = False,
) -> None:
    """Bring the database's tables to this version. `run` does it by itself."""
    chosen = settings()
    from safar.postgres.connections import connect
    from safar.workers import migrating
    from safar.workers.epoch import check_epoch

    if check:
        unwritten = migrating.unwritten_changes()
        if unwritten:
            raise Failure("Models and migrations differ:\n  " + "\n  ".join(unwritten), "Write the migration.")
        return
    url = find_database()
    applied = migrating.migrate(url)
    with connect(url, application_name="safar migrate") as conn:
        may_send = check_epoch(conn, chosen.data_dir)
    if as_json:
        output.print_json({"applied": applied, "sending": "on" if may_send else "held"})
        return
    for name in applied:
        output.say(f"[green]✓[/green] {name}")
    output.say(f"{len(applied)} migrations applied" if applied else "Nothing to do.")
    if not may_send:
        output.say("[yellow]This database was restored: nothing is sent until `safar release`.[/yellow]")


def demo(
    contacts: Annotated[int, typer.Option(help="How many contacts.", min=1)] = 20_000,
    once: Annotated[bool, typer.Option("--once", help="Do nothing where a demo is there already.")] = False,
) -> None:
    """Load the two demo workspaces: a shop in Tehran and an international one."""
    settings()
    from importlib.util import find_spec

    if find_spec("safar.workers.demo") is None:
        raise Failure("There is no demo in this version yet.")
    from safar.workers.demo import load_demo

    load_demo(find_database(), contacts=contacts, once=once, say=output.say)


COMMANDS = (run, web, engine, dispatcher, migrate, demo)
