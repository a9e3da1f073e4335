"""The benchmark `timers`: claiming what is due out of millions that are parked, and what a tick costs when nothing is due."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg

from safar.bench.house import START, make_workspace, publish_journey
from safar.bench.measure import cpu_of
from safar.bench.report import Report, divide
from safar.bench.statements import statements_of
from safar.journeys.engine.load import load_plan
from safar.journeys.engine.loop import Engine
from safar.journeys.engine.session import Session
from safar.journeys.engine.tick import Tick
from safar.postgres.connections import connect

Say = Callable[[str], None]
SIZE, SMALL = 10_000_000, 20_000
FEW = 10_000
TICKS = 300
SPREAD = timedelta(days=30)  # over which the parked ones are due
WATCHING = """
journey: states
title: {en: States}
start:
  gone:    {kind: lapsed, after: P90D, next: mark}
  renewal: {kind: date_reached, trait: renewal, offset: -P7D, next: mark}
points:
  mark: {kind: add_tag, tag: told}
"""
HINTS = """
WITH gone AS (DELETE FROM timer WHERE lane = %(lane)s AND slot < %(horizon)s RETURNING subjects)
SELECT count(*) FROM gone CROSS JOIN LATERAL unnest(subjects)
"""


def bench_timers(url: str, size: int, say: Say) -> Report:
    """size: parked subjects; a thousandth of them is due in one minute, and a tenth stands under lapsed and date_reached."""
    report = Report("timers", size, "parked timers")
    due_count = max(size // 1000, 20)
    with connect(url, application_name="safar bench") as connection:
        workspace = make_workspace()
        version = publish_journey(connection, workspace, WATCHING)
        parameters = {
            "workspace": workspace.pk,
            "journey": version.journey_id,
            "start": START,
            "spread": SPREAD,
            "due": due_count,
        }
        park, people, watch = statements_of("safar.bench", "parked")
        few = min(FEW, size // 2)
        connection.execute(park, {**parameters, "low": due_count + 1, "high": due_count + few})
        connection.execute("VACUUM (ANALYZE) timer")
        idle_few = _idle(url)
        say(f"parking {size:,} timers")
        connection.execute(park, {**parameters, "low": due_count + few + 1, "high": due_count + size})
        connection.execute("VACUUM (ANALYZE) timer")
        idle_many = _idle(url)
        watchers = size // 10
        say(f"{watchers:,} contacts under lapsed and date_reached")
        connection.execute(people, {**parameters, "people": watchers})
        connection.execute(watch, {**parameters, "people": watchers})
        connection.execute("VACUUM (ANALYZE) timer, contact_watch, contact")
        idle_watch = _idle(url)
        say(f"claiming {due_count:,}")
        bare, whole = _claims(connection, due_count)
    report.note(f"idle tick, {few:,} parked", idle_few * 1e6, "µs CPU")
    report.note(f"idle tick, {size:,} parked", idle_many * 1e6, "µs CPU")
    report.note(f"idle tick, and {watchers:,} contacts under lapsed and date_reached", idle_watch * 1e6, "µs CPU")
    report.note(f"the hints of {due_count:,} due: deleted and unpacked", bare * 1e3, "ms CPU")
    report.note(f"the engine's claim of {due_count:,} due, with their contacts read", whole * 1e3, "ms CPU")
    report.at_most(f"claiming {due_count:,} due of {size:,} parked", bare * 1e3, 10, "ms")
    report.at_most("idle tick, many parked against few", divide(idle_many, idle_few), 1.5)
    report.at_most("idle tick, with watches against without", divide(idle_watch, idle_many), 1.5)
    return report


def _idle(url: str) -> float:
    """CPU seconds of a tick with nothing due, client and backend; the median of three series."""
    engine = Engine(url, now=lambda: START - timedelta(days=1))
    pid = engine.session().connection.info.backend_pid
    found = []
    try:
        for _ in range(3):
            before = time.process_time() + (cpu_of([pid]) or 0.0)
            for _ in range(TICKS):
                engine.run_once()
            found.append((time.process_time() + (cpu_of([pid]) or 0.0) - before) / TICKS)
    finally:
        engine.close()
    return statistics.median(found)


def _claims(connection: psycopg.Connection[Any], due: int) -> tuple[float, float]:
    """CPU seconds of the backend for the claim of one minute in all lanes, rolled back: hints alone, and the engine's statement."""
    horizon = START + timedelta(seconds=30)
    lanes = connection.execute("SELECT id, clock FROM lane ORDER BY id").fetchall()
    plan = load_plan(connection)
    session = Session(connection)
    session.settle(plan)

    def hints(lane: int, clock: datetime) -> int:
        """The timers alone: what a claim costs before anything is read of those who are due."""
        return int(session.run(HINTS, {"lane": lane, "horizon": horizon})[0][0])

    def whole(lane: int, clock: datetime) -> int:
        """As a tick begins: with the contacts and what exactly is due."""
        tick = Tick(session, plan)
        tick._claim(lane, clock, horizon, None, 0)
        session.empty_all()
        return tick.outcome.subjects

    return _median(connection, lanes, hints, due), _median(connection, lanes, whole, due)


def _median(
    connection: psycopg.Connection[Any], lanes: list[tuple[Any, ...]], claim: Callable[[int, datetime], int], due: int
) -> float:
    """CPU seconds of the backend, of five claims that are rolled back."""
    costs = []
    for _ in range(5):
        with connection.transaction(force_rollback=True):
            before = cpu_of([connection.info.backend_pid]) or 0.0
            taken = sum(claim(lane, clock) for lane, clock in lanes)
            costs.append((cpu_of([connection.info.backend_pid]) or 0.0) - before)
        if taken != due:
            raise RuntimeError(f"{taken} were claimed and not {due}")
    return statistics.median(costs)
