"""Who may look back (safar/console/tests/walking.py)."""

from __future__ import annotations

import os

from safar.console.database import session
from safar.console.tests.walking import Entry, Side
from safar.events.jobs.queue import read_job
from safar.events.jobs.running import RUNS, run_next
from safar.journeys.lookback import job as lookback
from safar.journeys.lookback.asking import ask_file, look, put_orders

ENTRIES = {
    "lookback": Entry(),
    "lookback_file": Entry("editor", ids={"job": "orders"}),
}


def fill(side: Side) -> None:
    """A result, and a file whose columns nobody has confirmed."""
    rows = f"order;date;email;total\n1;2024-01-10;{side.marker}@home.example;40\n2;2024-06-10;{side.marker}@home.example;40\n"
    with session() as conn:
        for _ in range(2):
            asked = {"by": f"sara@{side.marker}.example", "name": f"{side.marker}.csv", "file": [rows.encode()]}
            side.ids["orders"] = put_orders(conn, side.workspace, **asked)
        first = read_job(conn, side.workspace.pk, side.ids["orders"] - 1)
        assert first is not None
        ask_file(conn, side.workspace.pk, first.id, look(conn, first, None).columns)
        while run_next(conn, {**RUNS, **lookback.runs(os.environ["SAFAR_DATABASE_URL"])}):
            pass
