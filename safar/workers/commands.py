"""Commands of this floor: run the house, keep it, move it."""

from __future__ import annotations

import typer


def add_to(root: typer.Typer) -> None:
    """Add them to the commands of ``safar.cli``."""
