"""Who may come to the pages that try a draft (safar/console/tests/walking.py); the journeys are those of their own room's walk."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from safar.console.database import session
from safar.console.tests.walking import Entry, Side
from safar.events.jobs.running import RUNS, run_next
from safar.journeys.backtest import trial
from safar.journeys.backtest.asking import ask_trial
from safar.journeys.models import Journey

_KEY = {"key": "journey"}

ENTRIES = {
    "trying": Entry(ids=_KEY),
    "trying_contact": Entry("editor", ids=_KEY),
}


def fill(side: Side) -> None:
    """A result, so that its page has something to say."""
    journey = Journey.objects.get(workspace=side.workspace, key=side.ids["journey"])
    with session() as conn:
        ask_trial(conn, side.workspace, journey, by=f"sara@{side.marker}.example", now=datetime.now(UTC))
        while run_next(conn, {**RUNS, **trial.runs(os.environ["SAFAR_DATABASE_URL"])}):
            pass
