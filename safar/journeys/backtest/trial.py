"""The job `backtest`: a draft as it was when somebody asked, replayed over the workspace's history; its figures are kept.

An engine process does it, which knows nothing of Django: all that it needs stands in the job.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import psycopg

from safar.events.jobs.queue import Claimed, Lost, drop_ended, renew
from safar.events.jobs.running import Run
from safar.journeys.backtest.looking import Looking
from safar.journeys.backtest.run import Setting, read_drafts, recorded_backtest
from safar.lib.quiet import Quiet

KIND = "backtest"
BEAT = 2.0  # seconds between two words of how far it has come


def read_setting(asked: Mapping[str, Any]) -> Setting:
    """What `asking.setting_of` has written."""
    late = timedelta(seconds=asked["late_events"])
    quiet = Quiet.from_json(asked.get("quiet", {}))
    days = {key: tuple(map(date.fromisoformat, each)) for key, each in asked.get("occasions", {}).items()}
    return Setting(
        asked["zone"], asked["calendar"], asked["currency"] or None, late, quiet=quiet, occasions=days or None
    )


def runs(url: str) -> Mapping[str, Run]:
    """For whoever does jobs: how those of this room are done, in sessions of their own on the database."""
    return {KIND: partial(run, url)}


def run(url: str, conn: psycopg.Connection[Any], job: Claimed) -> dict[str, Any]:
    """Gives {events, contacts, figures, hours?}. Whoever takes it up again begins anew, up to the same moment. Raises Refused, Lost."""
    definitions, conditions = read_drafts([job.asked["draft"]], job.asked["segments"])
    setting = read_setting(job.asked)
    until, since = (datetime.fromisoformat(job.asked[name]).astimezone(UTC) for name in ("until", "since"))
    far = Far()
    with (
        heard_of(conn, job, far),
        recorded_backtest(
            url,
            job.workspace_id,
            definitions,
            conditions,
            setting,
            until,
            far.at_stage,
            since,
            Looking(dealt=far.has_dealt),
        ) as found,
    ):
        figures = found.figures[definitions[0].key].as_json()
        told = {"events": found.events, "contacts": found.contacts, "figures": figures}
        if found.hours is not None:
            told["hours"] = found.hours.as_json()
    drop_ended(conn, job, {"journey": job.asked["journey"]})
    return told


@dataclass
class Far:
    """How far it has come. stage: reading events, history, walking."""

    stage: str = ""
    done: int = 0
    total: int | None = None
    over: threading.Event = field(default_factory=threading.Event)

    def at_stage(self, stage: str) -> None:
        self.stage = stage

    def has_dealt(self, done: int, total: int) -> None:
        self.done, self.total = done, total


@contextmanager
def heard_of(conn: psycopg.Connection[Any], job: Claimed, far: Far) -> Iterator[None]:
    """Renews the job from a thread: one statement of a back-test may take longer than a job may be silent."""

    def beat() -> None:
        while not far.over.wait(BEAT):
            try:
                renew(conn, job, done=far.done, total=far.total, told={"stage": far.stage})
            except (Lost, psycopg.Error):  # whoever ends the job finds out
                return

    thread = threading.Thread(target=beat, name="backtest-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        far.over.set()
        thread.join()
