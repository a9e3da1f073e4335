"""``safar import``: contacts and events from files. An import that was cut off goes on where it stopped."""

from __future__ import annotations

from typing import Any

import typer

from safar.cli import output
from safar.cli.options import Json, SourceFile, WorkspaceSlug
from safar.cli.progress import progress_bar
from safar.cli.session import choose_workspace, connection

app = typer.Typer(
    no_args_is_help=True, help="Bring contacts and events in from files; started again, it goes on where it stopped."
)

SHOWN_REFUSALS = 20


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="import", rich_help_panel="Data in")


@app.command("contacts")
def contacts(
    file: SourceFile,
    workspace: WorkspaceSlug = None,
    as_json: Json = False,
) -> None:
    """Import contacts from a CSV file (UTF-8, UTF-16 or Windows-1256; Persian digits and Jalali years are read)."""
    chosen = choose_workspace(workspace)
    from safar.events.imports import import_contacts

    with connection() as conn, progress_bar(file.name) as progress:
        result = import_contacts(conn, chosen, file, progress=progress)
    _show(result, as_json)


@app.command("events")
def events(
    file: SourceFile,
    workspace: WorkspaceSlug = None,
    as_json: Json = False,
) -> None:
    """Import Segment messages from a JSONL file, one a line, plain or gzipped."""
    chosen = choose_workspace(workspace)
    from safar.events.imports import import_events

    with connection() as conn, progress_bar(file.name) as progress:
        result = import_events(conn, chosen, file, progress=progress)
    _show(result, as_json)


def _show(result: Any, as_json: bool) -> None:
    if as_json:
        output.print_json(result)
        return
    output.say(str(result))
