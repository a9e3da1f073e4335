"""Every command can be asked for help, explains itself, and loads nothing heavy for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer.main import get_command

from safar import cli
from safar.workers import commands


def walk(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, sub in sorted(getattr(command, "commands", {}).items()):
        yield from walk(sub, (*path, name))


ROOT_COMMAND = get_command(cli.build_app(commands.add_to))


@pytest.mark.parametrize("path", list(walk(ROOT_COMMAND)), ids=" ".join)
def test_help(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(cli.build_app(commands.add_to), [*path, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Usage: safar" in " ".join(shown.split())
    command = ROOT_COMMAND
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    assert command.help, f"safar {' '.join(path)} does not say what it does"
    for parameter in command.params:
        assert getattr(parameter, "help", "") or parameter.param_type_name == "argument", parameter.name


def test_help_and_children_load_nothing_heavy() -> None:
    """A process of `safar run` pays for what it imports, all the time it runs."""
    line = (
        "import sys; from safar import cli; from safar.workers import commands; cli.build_app(commands.add_to);"
        "heavy = ('django', 'uvicorn', 'rich.console', 'liquid', 'phonenumbers', 'psycopg');"
        "print([name for name in heavy if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
