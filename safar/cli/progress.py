"""A bar on standard error; nothing where that is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from safar.cli import output

Progress = Callable[[int, int | None], None]


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """Gives a callable that takes (done, in all or None); both in the same unit."""
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=output.err(), transient=True, disable=not output.err().is_terminal) as bar:
        task = bar.add_task(str(Text(what)), total=None)

        def report(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield report
