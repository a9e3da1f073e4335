"""Looking after an installation: health, backups."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.failures import FAILED, WRONG_INPUT, Failure
from safar.cli.options import Json
from safar.cli.progress import progress_bar
from safar.cli.session import choose_workspace, connection, find_database
from safar.workers.commands.settings import settings

PANEL = "Keep"
SHOWN = ("public_url", "host", "port", "engines", "send_mode", "email_from", "timezone", "language", "log_level")


def doctor(
    seconds: Annotated[float, typer.Option(help="How long processes are watched.", min=0.1)] = 3.0,
    as_json: Json = False,
) -> None:
    """Look at versions, settings, processes, disk, lag, clock and partitions, and say what to mend."""
    chosen = settings()
    from safar.workers.doctor import examine
    from safar.workers.migrating import missing_migrations
    from safar.workers.showing import show_findings

    shown = {name: getattr(chosen, name) for name in SHOWN}
    found = examine(
        find_database(), home=chosen.data_dir, shown_settings=shown, missing=missing_migrations, seconds=seconds
    )
    if as_json:
        output.print_json(found.as_json())
    else:
        show_findings(found)
    if found.mends:
        raise typer.Exit(FAILED)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Such as safar.tar.gz; must not exist yet.")],
    rate: Annotated[int, typer.Option(help="Megabytes read a second at most.", min=1, max=1024)] = 50,
    as_json: Json = False,
) -> None:
    """Copy the embedded database and the secret key into one file, while everything runs."""
    chosen = settings()
    from safar.workers.backup import write_backup

    if file.exists():
        raise Failure(f"{file} exists.", "Choose another name; a backup never replaces one.", WRONG_INPUT)
    with progress_bar(f"copying to {file.name}") as progress:
        note = write_backup(file.absolute(), home=chosen.data_dir, rate=rate, progress=progress)
    if as_json:
        output.print_json({**note, "file": str(file), "bytes": file.stat().st_size})
    else:
        output.say(f"[green]✓[/green] {file}, {file.stat().st_size / 1e6:,.1f} MB; keep a copy on another machine")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    data_dir: Annotated[Path | None, typer.Option(help="Instead of SAFAR_DATA_DIR; must hold no installation.")] = None,
) -> None:
    """Unpack a backup into a new data folder. It sends nothing until `safar release`."""
    from safar.postgres.binaries import data_home
    from safar.workers.restore import read_backup

    home = (data_dir or data_home(os.environ)).absolute()
    with progress_bar(f"unpacking {file.name}") as progress:
        note = read_backup(file, home=home, progress=lambda done: progress(done, done))
    output.say(f"[green]✓[/green] {home} holds the installation as it was on {note['made_at']}")
    output.say(f"  start it: SAFAR_DATA_DIR={home} safar run --empty; nothing is sent until `safar release`")


def release(
    workspace: Annotated[
        str | None, typer.Option("--workspace", "-w", metavar="SLUG", help="Release this imported workspace only.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """After a restore or an import: let sending go on. What waits may have been sent elsewhere since: look first."""
    chosen = settings()
    from safar.outbox.holds import EVERYTHING, holds, let_go
    from safar.workers import epoch
    from safar.workers.archive.reading import IMPORTED

    number = EVERYTHING if workspace is None else choose_workspace(workspace).pk
    reason = epoch.REASON if workspace is None else IMPORTED
    with connection() as conn:
        if not any(held == reason for _, held, _ in holds(conn, number)):
            output.say("Nothing is held.")
            return
        query = "SELECT count(*), min(decided_at), max(decided_at) FROM outbox WHERE %(w)s IN (0, workspace_id)"
        waiting, first, last = conn.execute(query, {"w": number}).fetchone() or (0, None, None)
        output.say(f"{waiting:,} messages wait" + (f", decided from {first} to {last}." if waiting else "."))
        if not yes and not typer.confirm("Let sending go on?", err=True):
            raise typer.Exit(FAILED)
        if workspace is None:
            epoch.release(conn, chosen.data_dir)
        else:
            let_go(conn, workspace_id=number)
        output.say("[green]✓[/green] sending goes on")


def upgrade_server(
    to: Annotated[int, typer.Option(help="The new major version of PostgreSQL.")] = 18,
    old_bin: Annotated[Path | None, typer.Option(help="Folder of the old version's programs.")] = None,
) -> None:
    """Bring the embedded database to another major version of PostgreSQL; the old data is kept beside it."""
    from safar.postgres import upgrade
    from safar.postgres.binaries import data_home

    words = ["--data-dir", str(data_home(os.environ)), "--to", str(to)]
    raise typer.Exit(upgrade.main([*words, "--old-bin", str(old_bin)] if old_bin else words))


COMMANDS = (doctor, backup, restore, release, upgrade_server)
