"""``safar check``: proves the books."""

from __future__ import annotations

import typer

from safar.cli import output
from safar.cli.failures import FAILED
from safar.cli.options import Json
from safar.cli.session import connection, prepare


def add_to(root: typer.Typer) -> None:
    root.command("check", rich_help_panel="Look")(check)


def check(as_json: Json = False) -> None:
    """Prove that the books close: every point, every journey, every message. Safe while everything runs."""
    prepare()
    from safar.journeys.check import check_books

    with connection() as conn:
        report = check_books(conn)
    if as_json:
        output.print_json(report.as_json())
    else:
        for difference in report.differences:
            output.say("[red]✗[/red]", output.plain_text(f"{difference.where}: {difference.said}"))
        compared = f"{report.points:,} points, {report.journeys:,} journeys, {report.messages:,} messages"
        closed = "the books close" if report.closed else f"{len(report.differences):,} pages do not close"
        output.out().print(f"{compared}: {closed}")
    if not report.closed:
        raise typer.Exit(FAILED)
