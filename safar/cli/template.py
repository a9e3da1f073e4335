"""``safar template``: message templates as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace
from safar.lib.faults import Fault, Refused

app = typer.Typer(no_args_is_help=True, help="Message templates as files.")


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="template", rich_help_panel="Journeys")


@app.command("apply")
def apply(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, readable=True)],
    workspace: WorkspaceSlug = None,
    as_json: Json = False,
) -> None:
    """Check the templates of YAML files and store them: `key: {channel: email, languages: {fa: {subject, html}}}`."""
    chosen = choose_workspace(workspace)
    from safar.content.services import apply_templates
    from safar.journeys.definition.yaml12 import load_yaml

    changed: dict[str, list[str]] = {}
    for file in files:
        try:
            changed[str(file)] = apply_templates(chosen, load_yaml(file.read_bytes()).data)
        except Refused as refused:
            places = (Fault(f"{file}: {fault.place}", fault.message, fault.line) for fault in refused.faults)
            raise Refused(places) from None
        if not as_json:
            stored = ", ".join(changed[str(file)]) or "as they were"
            output.say("[green]✓[/green]", output.plain_text(f"{file}: {stored}"))
    if as_json:
        output.print_json(changed)


@app.command("list")
def list_(workspace: WorkspaceSlug = None, as_json: Json = False) -> None:
    """List the templates of a workspace."""
    chosen = choose_workspace(workspace)
    from safar.content.services import list_templates

    found = list_templates(chosen)
    if as_json:
        output.print_json(found)
        return
    rows = [(t["key"], t["channel"], ", ".join(t["languages"]), t["updated_at"]) for t in found]
    output.table(("template", "channel", "languages", "changed"), rows, whole=("template",))
