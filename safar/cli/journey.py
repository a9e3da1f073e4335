"""``safar journey``: journeys as files, their states, their maps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.failures import WRONG_INPUT, lines_of
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace
from safar.lib.faults import Refused

app = typer.Typer(no_args_is_help=True, help="Journeys: check, apply, publish, pause, look at the map.")

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, readable=True)]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The journey's key.")]


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="journey", rich_help_panel="Journeys")


@app.command("validate")
def validate(files: Files, as_json: Json = False) -> None:
    """Check journey files; every fault of every file is shown with its place and its mend. Needs no database."""
    from safar.journeys.definition.parse import parse_definition

    faulty = {}
    for file in files:
        try:
            parse_definition(file.read_bytes())
        except Refused as refused:
            faulty[str(file)] = refused.faults
    if as_json:
        output.print_json({str(file): [vars(fault) for fault in faulty.get(str(file), ())] for file in files})
    else:
        for file in files:
            for line in lines_of(faulty.get(str(file), ()), source=str(file)):
                output.say(line)
            if str(file) not in faulty:
                output.say(f"[green]✓[/green] {file}")
    if faulty:
        raise typer.Exit(WRONG_INPUT)


@app.command("apply")
def apply(files: Files, workspace: WorkspaceSlug = None) -> None:
    """Store journey files as drafts; nobody on the road is touched before `publish`."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    for file in files:
        services.apply_journey(chosen, file.read_text("utf-8"))
        output.say(f"[green]✓[/green] {file}")


@app.command("publish")
def publish(key: Key, workspace: WorkspaceSlug = None) -> None:
    """Make the draft an unchangeable version and let contacts in."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    services.publish(chosen, key)


@app.command("pause")
def pause(key: Key, workspace: WorkspaceSlug = None) -> None:
    """Nobody enters and nobody moves until `resume`."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    services.pause(chosen, key)


@app.command("resume")
def resume(key: Key, workspace: WorkspaceSlug = None) -> None:
    """Let the held people go on, by their own clock."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    services.resume(chosen, key)
