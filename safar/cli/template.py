"""``safar template``: message templates as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

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
    """Check the templates of YAML or JSON files and store them: `key: {channel: email, languages: {fa: {subject, blocks}}}`."""
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


@app.command("show")
def show(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY…]", help="All of them if left out.")] = None,
    workspace: WorkspaceSlug = None,
    as_json: Json = False,
) -> None:
    """Print templates as a file that `apply` takes: e-mails drawn in blocks as their blocks."""
    chosen = choose_workspace(workspace)
    from safar.content.services import write_templates

    found = write_templates(chosen, keys or ())
    if as_json:
        output.print_json(found)
    elif found:
        print(as_yaml(found), end="")


def as_yaml(templates: Mapping[str, Any]) -> str:
    """Texts of several lines as lines."""
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = "|" if "\n" in value and not any(line.endswith(" ") for line in value.split("\n")) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    dumped = yaml.dump(dict(templates), Dumper=Dumper, allow_unicode=True, sort_keys=False, width=200)
    return str(dumped)


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
