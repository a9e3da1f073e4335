"""``safar check``: proves the books."""

from __future__ import annotations

import typer

from safar.cli import output
from safar.cli.failures import FAILED
from safar.cli.options import Json
from safar.cli.session import connection


def add_to(root: typer.Typer) -> None:
    root.command("check", rich_help_panel="Look")(check)


def check(as_json: Json = False) -> None:
    """Prove that the books close: every point, every journey, every message. Safe while everything runs."""
    with connection() as conn:
        from safar.journeys.check import check_books

        report = check_books(conn)
    if as_json:
        output.print_json(report.as_json())
    elif report.closed:
        counted = f"{report.journeys:,} versions, {report.points:,} points, {report.messages:,} messages"
        output.say(f"[green]✓[/green] the books close: {counted}")
    else:
        rows = [(each.where, each.said) for each in report.differences]
        output.table(("where", "what does not add up"), rows, whole=("where",))
    if not report.closed:
        raise typer.Exit(FAILED)
