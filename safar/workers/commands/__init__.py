"""Commands of this floor: run the house, keep it. They parse and show; the modules beside this folder do."""

from __future__ import annotations

import typer

from safar.bench import command as bench
from safar.cli import workspace
from safar.workers.commands import keeping, moving, running


def add_to(root: typer.Typer) -> None:
    """Add them to the commands of ``safar.cli``."""
    for module in (running, keeping):
        for command in module.COMMANDS:
            root.command(command.__name__.replace("_", "-"), rich_help_panel=module.PANEL)(command)
    bench.add_to(root)
    known = {command.name for command in workspace.app.registered_commands}
    for name, moved in (("export", moving.export), ("import", moving.import_)):
        if name not in known:  # a process may build the tree twice
            workspace.app.command(name)(moved)
