"""``safar rate``: what other currencies are worth in a workspace's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safar.cli import output
from safar.cli.failures import refuse
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace, connection

if TYPE_CHECKING:
    from safar.contacts.rates import Rate

app = typer.Typer(no_args_is_help=True, help="Exchange rates: what other currencies are worth in a workspace's own.")

Currency = Annotated[str, typer.Argument(help="Such as EUR; the rials are IRR.")]
Day = Annotated[str, typer.Argument(help="From this day on, such as 2027-03-21.")]


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="rate", rich_help_panel="Set up")


@app.command("set")
def set_(
    currency: Currency,
    day: Day,
    rate: Annotated[str, typer.Argument(help="What one unit is worth, in the workspace's currency.")],
    workspace: WorkspaceSlug = None,
) -> None:
    """Set the rate of a currency from a day on. Orders and carts in it are counted anew."""
    _store([read_rate(currency, day, rate)], workspace)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="RATES.csv", exists=True, dir_okay=False)],
    workspace: WorkspaceSlug = None,
) -> None:
    """Set many: a file with the columns currency, day, rate. All of it or, with a fault in it, nothing."""
    _store(read_rates_file(file), workspace)


@app.command("list")
def list_(workspace: WorkspaceSlug = None, as_json: Json = False) -> None:
    """List the rates, and the orders whose money does not count because theirs is missing."""
    chosen = choose_workspace(workspace)
    from safar.contacts.rates import find_unrated, read_rates

    with connection() as conn:
        rates, unrated = read_rates(conn, chosen.pk), find_unrated(conn, chosen.pk)
    if as_json:
        output.print_json({"rates": rates, "unrated": unrated})
        return
    output.table(("currency", "from", chosen.currency), [(r.currency, r.day, f"{r.rate:f}") for r in rates])
    for one in unrated:
        output.say(f"[yellow]![/yellow] {one.orders:,} orders in {one.currency}, since {one.since}: no rate, no money")


@app.command("drop")
def drop(currency: Currency, day: Day, workspace: WorkspaceSlug = None) -> None:
    """Take a rate back. What was counted by it is counted anew."""
    chosen = choose_workspace(workspace)
    from safar.events.recounting import drop_rate

    with connection() as conn:
        if not drop_rate(conn, workspace=chosen, currency=currency.upper(), day=_day(day, "day")):
            refuse(f"there is no rate of {currency.upper()} from {day} on", place="day")
    output.say("[green]✓[/green] taken back")


def read_rate(currency: str, day: str, rate: str, place: str = "") -> Rate:
    """From what was typed; ends the command where it cannot be read."""
    from safar.contacts.rates import Rate

    try:
        worth = Decimal(rate)
    except InvalidOperation:
        refuse(f"{rate!r} is not a number", place=f"{place}rate")
    return Rate(currency.strip().upper(), _day(day, f"{place}day"), worth)


def read_rates_file(path: Path) -> list[Rate]:
    """currency, day, rate: a row each. Ends the command at the first row that cannot be read."""
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = {"currency", "day", "rate"} - set(rows.fieldnames or ())
        if missing:
            refuse(f"has no column {', '.join(sorted(missing))}", place=str(path))
        return [
            read_rate(row["currency"] or "", row["day"] or "", row["rate"] or "", f"{path}: line {rows.line_num}: ")
            for row in rows
        ]


def _store(rates: list[Rate], slug: str | None) -> None:
    chosen = choose_workspace(slug)
    from safar.events.recounting import set_rates

    with connection() as conn:
        people = set_rates(conn, workspace=chosen, rates=rates)
    output.say(f"[green]✓[/green] {len(rates):,} rates; {people:,} contacts are counted anew")


def _day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        refuse(f"{text!r} is not a day such as 2027-03-21", place=place)
