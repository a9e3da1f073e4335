"""`safar workspace export` and `import`: these stand here because they read every room's tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.failures import WRONG_INPUT, Failure
from safar.cli.options import Json
from safar.cli.progress import progress_bar
from safar.cli.session import choose_workspace, connection, prepare

SETTINGS = ("slug", "name", "zone", "calendar", "language", "currency", "currency_unit", "send_mode", "late_events")


def export(
    slug: Annotated[str, typer.Argument(help="The workspace.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Such as shop.zip; must not exist yet.")],
    as_json: Json = False,
) -> None:
    """Write a workspace into one archive: its settings, journeys, people, history, everything but keys."""
    if file.exists():
        raise Failure(f"{file} exists.", "Choose another name; an archive never replaces one.", WRONG_INPUT)
    workspace = choose_workspace(slug)
    from safar.workers.archive.writing import write_archive

    settings = {name: getattr(workspace, name) for name in (*SETTINGS, "team_addresses")}
    with connection() as conn, progress_bar(f"writing {file.name}") as progress:
        manifest = write_archive(conn, workspace.pk, settings, file.absolute(), progress)
    if as_json:
        output.print_json(manifest)
        return
    rows = {table: told["rows"] for table, told in manifest["tables"].items() if told["rows"]}
    output.table(("table", "rows"), list(rows.items()), numbers=("rows",))
    output.say(f"[green]✓[/green] {file}, {file.stat().st_size / 1e6:,.1f} MB; it holds people's data")


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Written by `export`.")],
    slug: Annotated[str | None, typer.Option("--as", help="Another slug than the one it had.")] = None,
    as_json: Json = False,
) -> None:
    """Bring an archive into an empty Safar. It sends nothing until `safar release -w SLUG`."""
    prepare()
    from safar.workers.archive.reading import read_archive, read_manifest

    manifest = read_manifest(file)
    with progress_bar(f"reading {file.name}") as progress:
        made, rows = read_archive(file, manifest, slug=slug, progress=progress)
    if as_json:
        output.print_json({"workspace": made, "rows": rows})
        return
    output.table(("table", "rows"), [(table, n) for table, n in rows.items() if n], numbers=("rows",))
    output.say(f"[green]✓[/green] workspace [bold]{made}[/bold]; it sends nothing until `safar release -w {made}`")
