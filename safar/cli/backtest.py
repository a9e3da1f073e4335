"""``safar backtest``: drafts replayed over a file of events, with nothing but files and a scratch schema."""

from __future__ import annotations

import json
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safar.cli import output
from safar.cli.failures import refuse
from safar.cli.options import Json, WorkspaceSlug, moment
from safar.cli.session import choose_workspace, find_database

if TYPE_CHECKING:
    from safar.journeys.backtest.run import Backtest


class Calendar(StrEnum):
    """What days, weeks, months and years are counted in."""

    gregorian = "gregorian"
    jalali = "jalali"


def add_to(root: typer.Typer) -> None:
    root.command("backtest", rich_help_panel="Journeys")(backtest)


def backtest(
    journeys: Annotated[list[Path], typer.Argument(metavar="JOURNEY.yaml…", exists=True, dir_okay=False)],
    until: Annotated[str, typer.Option(metavar="MOMENT", help="Up to this moment: 2027-01-01T00:00:00Z.")],
    events: Annotated[
        Path | None,
        typer.Option(
            help="Segment messages with receivedAt, one a line, plain or .gz. Left out: a workspace's recorded history.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="MOMENT", help="Publish the drafts at this moment; what came before is history."
        ),
    ] = None,
    workspace: WorkspaceSlug = None,
    zone: Annotated[str, typer.Option(help="Zone of the business.")] = "UTC",
    segments: Annotated[
        Path | None, typer.Option(help="Segments the journeys name.", exists=True, dir_okay=False)
    ] = None,
    calendar: Annotated[Calendar, typer.Option(help="Calendar of the business.")] = Calendar.gregorian,
    currency: Annotated[
        str | None, typer.Option(help="Currency of amounts; the events' first one if left out.")
    ] = None,
    late_events: Annotated[str, typer.Option(help="How late an event may come and still count.")] = "PT1H",
    trace: Annotated[Path | None, typer.Option(metavar="OUT.jsonl", help="Write every trip, one a line.")] = None,
    language: Annotated[str, typer.Option(help="Language of the map: en or fa.")] = "en",
    as_json: Json = False,
) -> None:
    """Replay events through draft journeys: who would have entered, which way, what would have been sent.

    With --events nothing is needed but the files; without it the recorded history of a workspace is replayed.
    Several journeys see one another, in the order given. Nothing is sent and nothing stays behind.
    """
    at = moment(until, "--until")
    assert at is not None
    from safar.journeys.backtest import run

    begin = moment(start, "--from")
    progress = (lambda what: None) if as_json else (lambda what: output.say(f"[dim]{what}…[/dim]"))
    if events is not None:
        setting = run.Setting(_zone(zone), calendar.value, currency, _late(late_events))
        definitions, conditions = run.read_yaml_files(journeys, segments)
        replay = run.backtest(
            find_database(), definitions, conditions, run.file_lines(events), setting, at, progress, begin
        )
    else:
        definitions, replay = _recorded(choose_workspace(workspace), journeys, at, progress, begin)
    with replay as result:
        if trace is not None:
            with trace.open("w", encoding="utf-8") as out:
                for trip in result.trace():
                    out.write(json.dumps(trip, ensure_ascii=False, default=output.plain) + "\n")
        if as_json:
            figures = {key: each.as_json() for key, each in result.figures.items()}
            output.print_json({"events": result.events, "contacts": result.contacts, "journeys": figures})
        else:
            _show(result, definitions, language)


def _recorded(workspace: Any, journeys: list[Path], until: Any, progress: Any, start: Any) -> tuple[list[Any], Any]:
    """The drafts over what the workspace has recorded, in its own zone, calendar and currency."""
    from safar.journeys.backtest import run
    from safar.journeys.definition.parse import parse_definition
    from safar.journeys.services import catalog_of
    from safar.segments.services import read_segments

    catalog = catalog_of(workspace)
    definitions = [parse_definition(path.read_bytes(), catalog) for path in journeys]
    setting = run.Setting(
        workspace.zone, workspace.calendar, workspace.currency, timedelta(seconds=workspace.late_events)
    )
    return definitions, run.recorded_backtest(
        find_database(), workspace.pk, definitions, read_segments(workspace), setting, until, progress, start
    )


def _show(result: Backtest, definitions: list[Any], language: str) -> None:
    from safar.cli.map import draw, headline

    console = output.out()
    console.print(f"{result.events:,} events of {result.contacts:,} contacts")
    for definition in definitions:
        figures = result.figures[definition.key].as_json()
        title = definition.title.get(language) or definition.title["en"]
        console.print(f"\n[bold]{title}[/bold] [dim]{definition.key}[/dim]")
        output.pairs(headline(figures))
        console.print(draw(definition, figures, language=language, width=console.width), soft_wrap=True)


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text).key
    except (LookupError, ValueError, OSError):
        refuse(f"{text!r} is not a zone's name such as Asia/Tehran", place="--zone")


def _late(text: str) -> timedelta:
    """An exact span: days and more have no one length in a calendar, and lateness is counted in seconds."""
    from safar.lib.durations import parse_duration

    try:
        span = parse_duration(text)
    except ValueError as error:
        refuse(str(error), place="--late-events")
    if span.calendar_part or span.exact < timedelta():
        refuse(f"{text!r} is not made of hours, minutes and seconds", place="--late-events")
    return span.exact
