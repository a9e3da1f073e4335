"""`run` and what it is made of."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.failures import Failure
from safar.cli.options import Json
from safar.cli.progress import progress_bar
from safar.cli.session import connection, find_database
from safar.workers.commands.settings import settings

PANEL = "Run"
DEMO_CONTACTS = 20_000


def run(
    empty: Annotated[bool, typer.Option("--empty", help="Load no demo workspaces.")] = False,
    contacts: Annotated[int, typer.Option(help="Contacts of the demo.", min=1)] = DEMO_CONTACTS,
    maps: Annotated[bool, typer.Option("--maps", help="Then show the demo's living maps, on a terminal.")] = False,
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
        mail="stays in the built-in mailbox (SAFAR_EMAIL_URL sends it)"
        if not chosen.email_url
        else {
            "mailbox": "stays in the built-in mailbox (SAFAR_EMAIL_URL sends it)",
            "team": "to the team's addresses at most, as each workspace says",
            "live": "as each workspace says: safar workspace set SLUG --send-mode live",
        }[chosen.send_mode],
        demo=None if empty else ("--contacts", str(contacts), *(("--maps",) if maps else ())),
        say=output.say,
    )


def web() -> None:
    """Run a web process alone."""
    chosen = settings()
    from safar.workers.serve import serve_web

    serve_web(find_database(), chosen.host, chosen.port)


def engine() -> None:
    """Run an engine alone; as many as wanted, on as many machines."""
    chosen = settings()
    from django.conf import settings as django_settings

    from safar.workers.serve import serve_engine

    serve_engine(find_database(), (django_settings.SECRET_KEY, *chosen.old_secret_keys))


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
    contacts: Annotated[int, typer.Option(help="How many contacts, in both shops together.", min=1)] = DEMO_CONTACTS,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing where the demo is there already.")] = False,
    maps: Annotated[bool, typer.Option("--maps", help="Show the living maps afterwards, on a terminal.")] = False,
    as_json: Json = False,
) -> None:
    """Load two shops that never were, with 180 days behind them: one in Tehran, one in Berlin. Once only."""
    settings()
    from datetime import UTC, datetime

    from safar.demo.load import load_demo

    with progress_bar("loading the demo: two shops, half a year") as progress:
        report = load_demo(find_database(), contacts=contacts, now=datetime.now(UTC), progress=progress)
    if as_json:
        output.print_json(report)
        return
    if not report.already:
        done = f"{report.contacts:,} contacts, {report.events:,} events, {report.messages:,} messages"
        output.say(f"[green]✓[/green] the demo is loaded in {report.seconds:.0f} s: {done}")
    if maps and output.out().is_terminal:
        _show_maps(report.workspaces)
    if report.already and quiet:
        return
    for slug in report.workspaces:
        output.say(f"  safar journey list -w {slug}    safar journey show KEY -w {slug} --watch")


def _show_maps(slugs: Sequence[str]) -> None:
    from safar.accounts.models import Workspace
    from safar.cli.watching import faces_of, watch

    shown = Workspace.objects.filter(slug__in=slugs).order_by("id")  # whoever deleted a demo does not see it
    with connection() as conn:
        faces = faces_of(conn, shown, None)
        if faces:
            watch(faces)


COMMANDS = (run, web, engine, dispatcher, migrate, demo)
