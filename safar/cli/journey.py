"""``safar journey``: journeys as files, their states, their maps."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from safar.cli import output, ready_made
from safar.cli.failures import WRONG_INPUT, lines_of, refuse
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace, connection
from safar.lib.faults import Fault, Refused

app = typer.Typer(no_args_is_help=True, help="Journeys: check, apply, publish, pause, look at the map.")
app.command("ready-made")(ready_made.ready_made)

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, readable=True)]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The journey's key.")]
Language = Annotated[str, typer.Option(help="en or fa.")]


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
def publish(
    key: Key,
    workspace: WorkspaceSlug = None,
    those_who_match: Annotated[
        bool, typer.Option("--those-who-match", help="Also let in those who match a starting point already.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the draft an unchangeable version and let contacts in; people on the road stay on theirs."""
    chosen = choose_workspace(workspace)
    from safar.journeys import services

    with connection() as conn:
        done = services.publish(chosen, key, connection=conn, already=those_who_match)
    if as_json:
        output.print_json(vars(done))
        return
    output.say(f"[green]✓[/green] {key}: version {done.number} is live; safar journey show {key} --watch")
    if those_who_match:
        output.say("  the engines look at every contact now; the journey's page shows how far they are")


@app.command("move")
def move(
    key: Key,
    workspace: WorkspaceSlug = None,
    look: Annotated[bool, typer.Option("--look", help="Only say who could move and who could not.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Reckon their waiting again by the live version.")] = False,
    as_json: Json = False,
) -> None:
    """Move people from older versions to the live one: they stay where they stand, the way on is the live one's."""
    chosen = choose_workspace(workspace)
    from safar.journeys import moving

    with connection() as conn:
        older = moving.look_at_moves(chosen, key, connection=conn)
        moved = 0 if look else moving.move_to_live(chosen, key, connection=conn, anew=anew)
    if as_json:
        found = [
            {"version": one.number, "point": s.point, "people": s.people, "can": s.can, "cannot": dict(s.cannot)}
            for one in older
            for s in one.standing
        ]
        output.print_json({"moved": moved, "standing": found})
        return
    for one in older:
        for s in one.standing:
            why = "".join(f"; {n:,} cannot: {reason.replace('_', ' ')}" for reason, n in s.cannot.items())
            output.say(f"  version {one.number}, {s.point}: {s.people:,} people, {s.can:,} can move{why}")
    if not look:
        output.say(f"[green]✓[/green] {key}: {moved:,} people moved to the live version")


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
    key: Annotated[
        str | None,
        typer.Argument(metavar="KEY", help="The journey's key; with --watch all of them in turn if left out."),
    ] = None,
    workspace: WorkspaceSlug = None,
    watch: Annotated[bool, typer.Option("--watch", help="Keep the figures living until Ctrl-C.")] = False,
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Draw a journey's map with its figures: who stands where, and which way they went."""
    chosen = choose_workspace(workspace)
    from safar.cli import watching
    from safar.journeys import services

    if key is None and (as_json or not watch):
        refuse("say which journey; `safar journey list` shows them", place="KEY")
    with connection() as conn:
        if key is None:
            watching.watch(watching.faces_of(conn, [chosen], language))
        elif as_json:
            _, version = services.live_definition(chosen, key)
            found = services.figures(conn, chosen, key).as_json() if version is not None else None
            output.print_json({"journey": key, "version": version, "figures": found})
        else:
            face = watching.map_face(conn, chosen, key, language)
            if watch and output.out().is_terminal:
                watching.watch([face])
            else:
                output.out().print(face(), soft_wrap=True)
