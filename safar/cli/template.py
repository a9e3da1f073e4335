"""``safar template``: message templates as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safar.cli.options import WorkspaceSlug
from safar.cli.session import choose_workspace

app = typer.Typer(no_args_is_help=True, help="Message templates.")


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="template", rich_help_panel="Journeys")


@app.command("apply")
def apply(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, readable=True)],
    workspace: WorkspaceSlug = None,
) -> None:
    """Check templates and store them."""
    chosen = choose_workspace(workspace)
    from safar.content import services

    for file in files:
        services.apply_template(chosen, file.read_text("utf-8"))


@app.command("list")
def list_(workspace: WorkspaceSlug = None) -> None:
    """List the templates."""
    choose_workspace(workspace)
