"""The loop that every import runs: rows in, batches accepted, progress put down with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from psycopg import Connection, errors

from safar.events.accept import Door, Parcel, again, put
from safar.events.catalogue import NameLearner
from safar.events.imports.progress import Progress
from safar.events.imports.report import Refusal
from safar.events.message import Accepted
from safar.events.products import ProductLearner
from safar.lib.failpoints import failpoint

Row = tuple[int, Accepted | Refusal]  # line, what became of it
Report = Callable[[int, int | None], None]  # bytes done, bytes in all
Besides = Callable[[Connection[Any], Sequence[Accepted]], None]  # what else is written with a batch, in its transaction


def run(
    conn: Connection[Any],
    workspace_id: int,
    progress: Progress,
    rows: Iterable[Row],
    *,
    batch: int,
    tell: Callable[[], None],
    besides: Besides | None = None,
) -> None:
    """Accept rows in transactions of `batch` lines. rows begin after progress.line. Raises as `accept`; TakenOver."""
    door, learners = Door(), (ProductLearner(), NameLearner())
    rows = iter(rows)
    while lines := list(islice(rows, batch)):
        _take(conn, workspace_id, progress, door, lines, besides)
        messages = [message for _, message in lines if isinstance(message, Accepted)]
        for learner in learners:
            learner.notice(workspace_id, messages)
            learner.flush(conn)
        tell()
    progress.advance(conn, progress.line, finished=True)
    tell()


def _take(
    conn: Connection[Any],
    workspace_id: int,
    progress: Progress,
    door: Door,
    rows: Sequence[Row],
    besides: Besides | None,
) -> None:
    """One batch. One with a row that PostgreSQL refuses is gone through row by row."""
    before = progress.report
    last = rows[-1][0]

    def write(put_all: Callable[[Sequence[Accepted]], None]) -> None:
        progress.report = replace(before, refusals=list(before.refusals))
        messages = []
        for _, row in rows:
            if isinstance(row, Refusal):
                progress.report.refuse(row)
            else:
                messages.append(row)
        with conn.transaction():
            put_all(messages)
            if besides is not None:
                besides(conn, messages)
            failpoint("import.accepted")
            progress.advance(conn, last)
        failpoint("import.committed")

    def together(messages: Sequence[Accepted]) -> None:
        if messages:
            _count(progress, put(conn, [Parcel(workspace_id, messages)], door))

    def one_by_one(messages: Sequence[Accepted]) -> None:
        for line, row in rows:
            if isinstance(row, Accepted):
                try:
                    with conn.transaction():
                        _count(progress, put(conn, [Parcel(workspace_id, [row])], door))
                except errors.DataError as error:
                    progress.report.refuse(Refusal(line, "", str(error.diag.message_primary)))

    try:
        again(lambda: write(together))
    except errors.DataError:
        again(lambda: write(one_by_one))
    progress.line = last


def _count(progress: Progress, outcomes: Sequence[Any]) -> None:
    for outcome in outcomes:
        progress.report.accepted += outcome.accepted
        progress.report.repeated += outcome.repeated
