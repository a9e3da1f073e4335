"""Commands of this floor: run the house, keep it. They parse and show; the modules beside this folder do."""

from __future__ import annotations

import typer

from safar.workers.commands import keeping, running


def add_to(root: typer.Typer) -> None:
    """Add them to the commands of ``safar.cli``."""
    for module in (running, keeping):
        for command in module.COMMANDS:
            root.command(command.__name__, rich_help_panel=module.PANEL)(command)
