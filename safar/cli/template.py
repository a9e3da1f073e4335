"""``safar template``: message templates as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace
from safar.lib.faults import Fault, Refused

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
    from safar.content.services import apply_templates
    from safar.journeys.definition.yaml12 import load_yaml

    for file in files:
        try:
            changed = apply_templates(chosen, load_yaml(file.read_bytes()).data)
        except Refused as refused:
            raise Refused(Fault(f"{file}: {fault.place}", fault.message, fault.line) for fault in refused.faults) from None
        output.say(f"[green]✓[/green] {', '.join(changed) or 'as they were'}")


@app.command("list")
def list_(workspace: WorkspaceSlug = None, as_json: Json = False) -> None:
    """List the templates."""
    chosen = choose_workspace(workspace)
    from safar.content.services import list_templates

    found = list_templates(chosen)
    if as_json:
        output.print_json(found)
        return
    rows = [(each["key"], each["channel"], ", ".join(each["languages"])) for each in found]
    output.table(("template", "channel", "languages"), rows, whole=("template",))
