"""``safar bench``: what the house costs, as ratios within one run, each benchmark on a scratch database of its own."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from safar.cli import output
from safar.cli.failures import refuse
from safar.cli.options import Json
from safar.cli.session import find_database, prepare

if TYPE_CHECKING:
    from safar.bench.report import Report


class Name(StrEnum):
    """The benchmarks, in the order in which they run."""

    engine = "engine"
    timers = "timers"
    ingest = "ingest"
    latency = "latency"
    backtest = "backtest"
    dispatch = "dispatch"
    pages = "pages"


def add_to(root: typer.Typer) -> None:
    root.command("bench", rich_help_panel="Look")(bench)


def bench(
    names: Annotated[
        list[Name] | None, typer.Argument(metavar="[NAME…]", help="Which ones; all of them if left out.")
    ] = None,
    size: Annotated[
        int | None, typer.Option(help="How many enrollments, timers, events, requests, messages or contacts.", min=10)
    ] = None,
    small: Annotated[
        bool, typer.Option("--small", help="Sizes for trying it out: seconds instead of minutes.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure: engine, timers, ingest, latency, backtest, dispatch, pages. Needs a role that may create databases."""
    chosen = names or list(Name)
    if size is not None and len(chosen) > 1:
        refuse("means something else to each benchmark; give it with one", place="--size")
    server = find_database()
    from safar.bench.all import run_benchmark
    from safar.bench.machine import describe_machine

    machine = describe_machine(server)
    reports = []
    prepare()
    for name in chosen:
        say = (lambda what: None) if as_json else (lambda what: output.say(f"[dim]{what}…[/dim]"))
        report = run_benchmark(name.value, server, size, small=small, say=say)
        reports.append(report)
        if not as_json:
            show(report)
    if as_json:
        output.print_json({"machine": machine, "benchmarks": [report.as_json() for report in reports]})
    else:
        output.pairs(machine)


def show(report: Report) -> None:
    """Figures, then goals with what became of them."""
    title = f"{report.name}: {report.size:,} {report.of}"
    rows = [(figure.name, number(figure.value), figure.unit) for figure in report.figures]
    output.table(("", "measured", "unit"), rows, numbers=("measured",), title=title)
    goals = [
        (
            goal.name,
            number(goal.value),
            goal.unit,
            f"{goal.sense} {goal.goal:,g}",
            {True: "met", False: "missed", None: "–"}[goal.met],
        )
        for goal in report.goals
    ]
    output.table(("goal", "measured", "unit", "goal is", ""), goals, numbers=("measured",))
    for note in report.notes:
        output.say(note)


def number(value: float | None) -> str:
    """Three digits, thousands separated."""
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
