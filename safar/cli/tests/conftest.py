"""The command line in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from safar.cli import output

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command_line(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command line: (exit code, standard output, standard error)."""
    from safar import cli

    output.out.cache_clear()
    output.err.cache_clear()

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.run(cli.build_app(), words)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    yield run
    output.out.cache_clear()
    output.err.cache_clear()


@pytest.fixture
def safar(own_database_url: str, command_line: Run) -> Run:
    """The same on an empty installation."""
    return command_line
