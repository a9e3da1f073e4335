"""The benchmark `backtest`: a draft over 34 days of recorded history, against one plain scan of the events that it reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from safar.bench.house import START, make_workspace
from safar.bench.measure import Meter
from safar.bench.report import Report, divide
from safar.bench.statements import statements_of
from safar.journeys.backtest.run import Setting, read_drafts, recorded_backtest
from safar.postgres.connections import connect

Say = Callable[[str], None]
SIZE, SMALL = 1_000_000, 3_000
DAYS = 34
EACH = 25  # events a contact

DRAFT = """
journey: second-purchase
title: {en: Second purchase}
settings: {reentry: P14D, goal: {event: Order Completed, within: P7D, money: total}}
start:
  bought: {kind: event, event: Order Completed, next: rest}
points:
  rest:   {kind: delay, for: P3D, next: back}
  back:   {kind: wait, for: {event: Product Added}, at_most: P4D, paths: {happened: warm, timed_out: keen}}
  keen:   {kind: if_else, condition: {event: Product Viewed, times: {at_least: 3}, within: P7D}, paths: {yes: warm}}
  warm:   {kind: add_tag, tag: warm, next: letter}
  letter: {kind: send_email, template: a-letter}
"""
# What one who asks the same by hand would run: each event of the three names with its number, the one before and the views of the week.
SCAN = """
SELECT count(*), max(orders), max(views), count(*) FILTER (WHERE gap < interval '7 days') FROM (
    SELECT count(*) FILTER (WHERE name = 'Order Completed') OVER w AS orders, timestamp - lag(timestamp) OVER w AS gap,
        count(*) FILTER (WHERE name = 'Product Viewed') OVER (w RANGE BETWEEN '7 days' PRECEDING AND CURRENT ROW) AS views
    FROM event WHERE workspace_id = %s AND name IN ('Order Completed', 'Product Added', 'Product Viewed')
    WINDOW w AS (PARTITION BY contact_id ORDER BY timestamp)) e
"""


def bench_backtest(url: str, size: int, say: Say) -> Report:
    """size: events of the history."""
    report = Report("backtest", size, "events over 34 days")
    with (
        connect(url, application_name="safar bench") as connection,
        connect(url, application_name="safar bench observer") as observer,
    ):
        workspace = make_workspace()
        say(f"writing {size:,} events of {size // EACH:,} contacts")
        for statement in statements_of("safar.bench", "history"):
            connection.execute(
                statement,
                {"workspace": workspace.pk, "people": size // EACH, "events": size, "start": START, "days": DAYS},
            )
        connection.execute("VACUUM (ANALYZE) event, contact")
        meter = Meter(observer)
        say("scanning")
        with meter.running([connection]) as scan:
            connection.execute("SET work_mem = '256MB'")
            connection.execute(SCAN, (workspace.pk,)).fetchone()
        definitions, conditions = read_drafts([DRAFT], None)
        marks: list[tuple[str, float]] = []

        def note(what: str) -> None:
            say(what)
            marks.append((what, time.perf_counter()))

        until = START + timedelta(days=DAYS)
        began, used = time.perf_counter(), time.process_time()
        with recorded_backtest(url, workspace.pk, definitions, conditions, Setting("UTC"), until, note) as result:
            ended, used = time.perf_counter(), time.process_time() - used
            passed = sum(sum(p.paths.values()) for f in result.figures.values() for p in f.points.values())
            entered = sum(sum(f.entered.values()) for f in result.figures.values())
    at = dict(marks)
    reading = at["walking"] - at["reading events"]
    walking = ended - at["walking"]
    report.note("entered", entered, "trips")
    report.note("passages", passed, "points")
    report.note("reading", reading, "s")
    report.note("walking", walking, "s")
    report.note("making and clearing tables", ended - began - reading - walking, "s")
    report.note("CPU of the client", used, "s")
    report.note("plain scan", scan.wall, "s")
    report.at_most(f"{size:,} events over {DAYS} days", ended - began, 15 * size / SIZE, "s")
    report.at_least("as fast as one plain scan with window functions", divide(scan.wall, ended - began), 0.15)
    return report
