"""``safar segment``: saved conditions and who meets them."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="Segments: saved conditions and their members.")


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="segment", rich_help_panel="Journeys")


@app.command("list")
def list_() -> None:
    """List the segments."""


@app.command("count")
def count() -> None:
    """Count who meets a segment's condition now."""
