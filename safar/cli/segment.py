"""``safar segment``: saved conditions and who meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from safar.cli import output
from safar.cli.options import Json, SourceFile, WorkspaceSlug
from safar.cli.session import choose_workspace, connection

app = typer.Typer(no_args_is_help=True, help="Segments: saved conditions and who meets them.")


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="segment", rich_help_panel="Journeys")


@app.command("apply")
def apply(file: SourceFile, workspace: WorkspaceSlug = None, as_json: Json = False) -> None:
    """Store the segments of a YAML file: `key: {condition: …}`; all are checked together."""
    chosen = choose_workspace(workspace)
    from safar.cli.failures import refuse
    from safar.journeys.definition.yaml12 import load_yaml
    from safar.segments.services import apply_segments

    written = load_yaml(file.read_bytes()).data
    if not isinstance(written, dict):
        refuse("a file of segments is a mapping of keys to conditions", place=str(file))
    if isinstance(written.get("segments"), dict) and len(written) == 1:
        written = written["segments"]
    changed = apply_segments(chosen, written)
    if as_json:
        output.print_json({"changed": changed, "same": [key for key in written if key not in changed]})
        return
    for key in written:
        output.say(f"[green]✓[/green] {key}: {'stored' if key in changed else 'as it was'}")


@app.command("list")
def list_(workspace: WorkspaceSlug = None, as_json: Json = False) -> None:
    """List the segments with their conditions."""
    chosen = choose_workspace(workspace)
    from safar.journeys.definition.dump import flow_yaml
    from safar.segments.services import written_segments

    written = written_segments(chosen)
    if as_json:
        output.print_json(written)
    else:
        rows = [(key, flow_yaml(condition)) for key, condition in written.items()]
        output.table(("segment", "condition"), rows, whole=("segment",))


@app.command("count")
def count(
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="One segment; all of them if left out.")] = None,
    workspace: WorkspaceSlug = None,
    as_json: Json = False,
) -> None:
    """Count who meets a segment's condition now."""
    chosen = choose_workspace(workspace)
    from safar.segments.services import count_segment, written_segments

    keys = [key] if key is not None else list(written_segments(chosen))
    with connection() as conn:
        counts = {each: count_segment(conn, chosen, each) for each in keys}
    if as_json:
        output.print_json(counts)
    else:
        output.table(("segment", "contacts"), list(counts.items()), numbers=("contacts",))
