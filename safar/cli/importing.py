"""``safar import``: contacts and events from files. An import that was cut off goes on where it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from safar.cli import output
from safar.cli.options import Json, SourceFile, WorkspaceSlug
from safar.cli.progress import progress_bar
from safar.cli.session import choose_workspace, connection

if TYPE_CHECKING:
    from safar.events.imports import ImportReport

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


def _show(report: ImportReport, as_json: bool) -> None:
    """Refused rows go to standard error, each with its line and reason."""
    if as_json:
        output.print_json(report)
        return
    for header, meaning in report.columns.items():
        output.say("[dim]column[/dim]", output.plain_text(f"{header} → {meaning}"))
    for note in report.notes:
        output.say("[yellow]![/yellow]", output.plain_text(note))
    for refusal in report.refusals[:SHOWN_REFUSALS]:
        output.say("[red]✗[/red]", output.plain_text(str(refusal)))
    if report.refused > SHOWN_REFUSALS:
        output.say(f"[red]✗[/red] … {report.refused - SHOWN_REFUSALS:,} more; --json lists the first thousand")
    if report.already:
        output.say("This file was imported before; nothing was done.")
    done = f"{report.accepted:,} accepted, {report.repeated:,} there before, {report.refused:,} refused"
    output.out().print(done)
