"""``safar journey``: journeys as files, their states, their maps."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safar.cli import output
from safar.cli.failures import WRONG_INPUT, lines_of
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace, connection
from safar.lib.faults import Fault, Refused

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(no_args_is_help=True, help="Journeys: check, apply, publish, pause, look at the map.")

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, readable=True)]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The journey's key.")]
Language = Annotated[str, typer.Option(help="en or fa.")]
WATCH_SECONDS = 1.0


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="journey", rich_help_panel="Journeys")


@app.command("validate")
def validate(files: Files, as_json: Json = False) -> None:
    """Check journey files: every fault of every file, with its place and its mend. Needs no database."""
    from safar.journeys.definition.parse import parse_definition

    faulty: dict[str, tuple[Fault, ...]] = {}
    for file in files:
        try:
            parse_definition(file.read_bytes())
        except Refused as refused:
            faulty[str(file)] = refused.faults
    if as_json:
        output.print_json({str(file): [vars(fault) for fault in faulty.get(str(file), ())] for file in files})
    else:
        for name in map(str, files):
            for line in lines_of(faulty.get(name, ()), source=name):
                output.say("[red]✗[/red]", output.plain_text(line))
            if name not in faulty:
                output.say("[green]✓[/green]", output.plain_text(name))
    if faulty:
        raise typer.Exit(WRONG_INPUT)


@app.command("apply")
def apply(files: Files, workspace: WorkspaceSlug = None, as_json: Json = False) -> None:
    """Keep journey files as drafts; nobody on the road is touched before `publish`."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    done = []
    for file in files:
        try:
            done.append(services.apply_journey(chosen, file.read_bytes()))
        except Refused as refused:
            raise Refused(
                Fault(f"{file}: {fault.place}", fault.message, fault.line) for fault in refused.faults
            ) from None
        if not as_json:
            how = "new" if done[-1].made else "changed" if done[-1].changed else "as it was"
            output.say(f"[green]✓[/green] {done[-1].key}: {how}")
    if as_json:
        output.print_json([vars(each) for each in done])


@app.command("publish")
def publish(key: Key, workspace: WorkspaceSlug = None, as_json: Json = False) -> None:
    """Make the draft an unchangeable version and let contacts in; people on the road stay on theirs."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    with connection() as conn:
        done = services.publish(chosen, key, connection=conn)
    if as_json:
        output.print_json(vars(done))
    else:
        output.say(f"[green]✓[/green] {key}: version {done.number} is live; safar journey show {key} --watch")


@app.command("pause")
def pause(key: Key, workspace: WorkspaceSlug = None) -> None:
    """Nobody enters and nobody moves until `resume`; queued messages of the journey are held."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    with connection() as conn:
        services.pause(chosen, key, connection=conn)
    output.say(f"[green]✓[/green] {key} is paused")


@app.command("resume")
def resume(key: Key, workspace: WorkspaceSlug = None) -> None:
    """Let the held people go on, by their own clock."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    with connection() as conn:
        services.resume(chosen, key, connection=conn)
    output.say(f"[green]✓[/green] {key} goes on")


@app.command("archive")
def archive(
    key: Key, workspace: WorkspaceSlug = None, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """End a journey for good: its people leave, with the reason archived."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    services.find_journey(chosen, key)
    if not yes:
        typer.confirm(f"End {key} for good?", abort=True, err=True)
    with connection() as conn:
        people = services.archive(chosen, key, connection=conn)
    output.say(f"[green]✓[/green] {key} is archived; {people:,} people left it")


@app.command("list")
def list_(workspace: WorkspaceSlug = None, language: Language = "en", as_json: Json = False) -> None:
    """List the journeys of a workspace."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    found = services.list_journeys(chosen)
    if as_json:
        output.print_json(found)
        return
    rows = [
        (
            each["key"],
            each["title"].get(language) or each["key"] if isinstance(each["title"], dict) else each["title"],
            each["state"] + (", draft differs" if each["edited"] else ""),
            each["version"],
        )
        for each in found
    ]
    output.table(("journey", "title", "state", "version"), rows, whole=("journey",), numbers=("version",))


@app.command("export")
def export(key: Key, workspace: WorkspaceSlug = None) -> None:
    """Print a journey's draft as YAML, for git."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    sys.stdout.write(services.export(chosen, key))


@app.command("show")
def show(
    key: Key,
    workspace: WorkspaceSlug = None,
    watch: Annotated[bool, typer.Option("--watch", help="Keep the figures living until Ctrl-C.")] = False,
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Draw a journey's map with its figures: who stands where, and which way they went."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    definition, version = services.live_definition(chosen, key)
    with connection() as conn:

        def figures() -> dict[str, Any] | None:
            return services.figures(conn, chosen, key).as_json() if version is not None else None

        if as_json:
            output.print_json({"journey": key, "version": version, "figures": figures()})
        elif watch and output.out().is_terminal:
            _watch(lambda: _face(definition, version, figures(), language))
        else:
            output.out().print(_face(definition, version, figures(), language), soft_wrap=True)


def _face(definition: Any, version: int | None, figures: dict[str, Any] | None, language: str) -> RenderableType:
    from rich.text import Text

    from safar.cli.map import draw, headline

    title = definition.title.get(language) or definition.title["en"]
    face = Text.assemble((title, "bold"), (f"  {definition.key} · ", "dim"))
    face.append(f"version {version}\n" if version is not None else "draft, never published\n", "dim")
    if figures is not None:
        words = (f"{name} {output.text_of(value)}" for name, value in headline(figures).items())
        face.append("   ".join(words) + "\n\n")
    return face.append(draw(definition, figures, language=language, width=output.out().width))


def _watch(face: Any) -> None:
    import time

    from rich.live import Live

    with Live(face(), console=output.out(), screen=True, auto_refresh=False) as live:
        try:
            while True:
                time.sleep(WATCH_SECONDS)
                live.update(face(), refresh=True)
        except KeyboardInterrupt:
            return
