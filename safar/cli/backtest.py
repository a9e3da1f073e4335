"""``safar backtest``: drafts replayed over a file of events, or over what a workspace has recorded."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safar.cli import output
from safar.cli.failures import refuse
from safar.cli.options import Json, exact_span, moment, zone_name
from safar.cli.session import choose_workspace, find_database

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from safar.contacts.rates import Rate
    from safar.journeys.backtest.run import Backtest
    from safar.journeys.definition.model import Definition

Replay = tuple["Sequence[Definition]", "AbstractContextManager[Backtest]"]


class Calendar(StrEnum):
    """What days, weeks, months and years are counted in."""

    gregorian = "gregorian"
    jalali = "jalali"


def add_to(root: typer.Typer) -> None:
    root.command("backtest", rich_help_panel="Journeys")(backtest)


def backtest(
    journeys: Annotated[list[Path], typer.Argument(metavar="JOURNEY.yaml…", exists=True, dir_okay=False)],
    events: Annotated[
        Path | None,
        typer.Option(
            help="Segment messages with receivedAt, one a line, plain or .gz; what the workspace recorded if left out.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="MOMENT", help="Up to this moment, such as 2027-01-01T00:00:00Z.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="MOMENT", help="Nobody enters before; what came before is history.")
    ] = None,
    segments: Annotated[
        Path | None, typer.Option(help="YAML of the segments that journeys name.", exists=True, dir_okay=False)
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Zone of the business; UTC, or the workspace's.")] = None,
    calendar: Annotated[Calendar | None, typer.Option(help="Its calendar; gregorian, or the workspace's.")] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of amounts; the first one that events name.")] = None,
    rates: Annotated[
        Path | None,
        typer.Option(help="Exchange rates of --events: currency, day, rate, a row each.", exists=True, dir_okay=False),
    ] = None,
    late_events: Annotated[str | None, typer.Option(help="How late an event may come and still count.")] = None,
    workspace: Annotated[
        str | None, typer.Option("--workspace", "-w", metavar="SLUG", help="Whose history, without --events.")
    ] = None,
    trace: Annotated[Path | None, typer.Option(metavar="OUT.jsonl", help="Write every trip, one a line.")] = None,
    language: Annotated[str, typer.Option(help="Language of the map: en or fa.")] = "en",
    as_json: Json = False,
) -> None:
    """Replay events through draft journeys: who would have entered, which way, what would have been sent.

    Several journeys see one another, in the order given. Nothing is sent and nothing stays behind.
    """
    say = (lambda what: None) if as_json else (lambda what: output.say(f"[dim]{what}…[/dim]"))
    at = moment(until, "--until")
    start = moment(since, "--from")
    if events is None:
        if rates is not None:
            refuse("a workspace's own rates count; --rates goes with --events", place="--rates")
        said = {"zone": zone and zone_name(zone), "calendar": calendar and calendar.value, "currency": currency}
        late = exact_span(late_events, "--late-events") if late_events else None
        span = (at or datetime.now(UTC), start)
        definitions, replay = _recorded(journeys, segments, workspace, span, {**said, "late_events": late}, say)
    else:
        if at is None:
            refuse("say up to which moment: --until 2027-01-01T00:00:00Z", place="--until")
        from safar.journeys.backtest import run

        known = calendar or Calendar.gregorian
        setting = run.Setting(
            zone_name(zone or "UTC"),
            known.value,
            currency,
            exact_span(late_events or "PT1H", "--late-events"),
            _rates(rates, currency),
        )
        definitions, conditions = run.read_yaml_files(journeys, segments)
        replay = run.backtest(find_database(), definitions, conditions, run.file_lines(events), setting, at, say, start)
    with replay as result:
        if trace is not None:
            _write_trace(trace, result)
        if as_json:
            figures = {key: each.as_json() for key, each in result.figures.items()}
            hours = {"best_hours": result.hours.as_json()} if result.hours else {}
            output.print_json({"events": result.events, "contacts": result.contacts, "journeys": figures, **hours})
        else:
            _show(result, definitions, language)


def _recorded(
    journeys: list[Path],
    segments: Path | None,
    slug: str | None,
    span: tuple[datetime, datetime | None],
    said: dict[str, Any],
    say: Callable[[str], None],
) -> Replay:
    """Over a workspace's history; its zone, calendar, currency, segments, unless others are said. span: until, from."""
    chosen = choose_workspace(slug)
    from safar.journeys.backtest import run
    from safar.journeys.backtest.asking import occasions_of, quiet_of
    from safar.journeys.definition.yaml12 import load_yaml
    from safar.segments.services import written_segments

    written = load_yaml(segments.read_bytes()).data if segments is not None else written_segments(chosen)
    definitions, conditions = run.read_drafts([path.read_bytes() for path in journeys], written)
    late = timedelta(seconds=chosen.late_events)
    own = run.Setting(
        chosen.zone, chosen.calendar, chosen.currency, late, quiet=quiet_of(chosen), occasions=occasions_of(chosen)
    )
    setting = replace(own, **{name: value for name, value in said.items() if value is not None})
    url, (until, start) = find_database(), span
    return definitions, run.recorded_backtest(url, chosen.pk, definitions, conditions, setting, until, say, start)


def _write_trace(path: Path, result: Backtest) -> None:
    with path.open("w", encoding="utf-8") as out:
        for trip in result.trace():
            out.write(json.dumps(trip, ensure_ascii=False, default=output.plain) + "\n")


def _show(result: Backtest, definitions: Sequence[Definition], language: str) -> None:
    from safar.cli.map import draw, headline

    console = output.out()
    console.print(f"{result.events:,} events of {result.contacts:,} contacts")
    if result.hours is not None:
        others = (
            "at once: assumed, as nothing is known of it"
            if result.hours.house is None
            else f"at {result.hours.house}:00"
        )
        console.print(f"best hour: {result.hours.own:,} contacts by their own opens and clicks, the others {others}")
    for definition in definitions:
        figures: dict[str, Any] = result.figures[definition.key].as_json()
        title = definition.title.get(language) or definition.title["en"]
        console.print(output.plain_text(f"\n{title}  {definition.key}"), style="bold")
        output.pairs(headline(figures))
        console.print(draw(definition, figures, language=language, width=console.width), soft_wrap=True)


def _rates(path: Path | None, currency: str | None) -> Sequence[Rate]:
    if path is None:
        return ()
    if currency is None:
        refuse("say in which currency the rates are: --currency IRR", place="--currency")
    from safar.cli.rate import read_rates_file
    from safar.contacts.rates import check_rates

    found = read_rates_file(path)
    check_rates(found, currency.upper())
    return found
