"""``safar schema`` and ``safar kinds``: the language of journeys, from the code itself."""

from __future__ import annotations

import typer

from safar.cli import output


def add_to(root: typer.Typer) -> None:
    root.command("schema", rich_help_panel="Look")(schema)


def schema() -> None:
    """Print the JSON Schema of a journey's definition."""
    from safar.journeys.definition import json_schema

    output.print_json(json_schema())
