"""The command line in this process."""

from __future__ import annotations

import pytest

from safar.cli import output


@pytest.fixture
def safar(own_database_url: str, capsys: pytest.CaptureFixture[str]):
    """Run a command line on an empty installation: (exit code, standard output, standard error)."""
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
