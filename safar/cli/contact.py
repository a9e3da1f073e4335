"""``safar contact``: one person, whole."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="One contact: facts, places on maps, timeline.")


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="contact", rich_help_panel="Look")


@app.command("show")
def show(who: str) -> None:
    """Print a contact's facts, places on maps and timeline."""
