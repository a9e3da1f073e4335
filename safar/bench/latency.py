"""The benchmark `latency`: from the answer of an HTTP request to the message's row in the outbox, at low load."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.bench.house import make_workspace, publish_journey
from safar.bench.http import request
from safar.bench.processes import engine_process, web_process
from safar.bench.report import Report, percentile
from safar.bench.wire import Wire
from safar.events.partitions import ensure_partitions
from safar.postgres.connections import connect

Say = Callable[[str], None]
SIZE, SMALL = 300, 12
PAUSE = 0.03  # seconds between requests: low load
LOOK = 0.0005  # seconds between looks: looking without a pause would take a core from those who work
LONGEST = 10.0
JOURNEY = """
journey: welcome
title: {en: Welcome}
settings: {reentry: always}
start:
  came: {kind: event, event: Came, next: letter}
points:
  letter: {kind: send_email, template: a-letter}
"""


def bench_latency(url: str, size: int, say: Say) -> Report:
    """size: requests, one after the other, each of a contact that is new."""
    report = Report("latency", size, "requests")
    with connect(url, application_name="safar bench") as connection:
        ensure_partitions(connection, datetime.now(UTC))
        workspace = make_workspace()
        key = _key(workspace)
        publish_journey(connection, workspace, JOURNEY)
        with web_process(url) as (_, port), engine_process(url), Wire(port) as wire:
            say(f"{size} requests")
            for number in range(5):
                _one(connection, wire, key, f"warm-{number}")
            pairs = [_one(connection, wire, key, f"person-{number}") for number in range(size)]
    answered, shown = [a for a, _ in pairs], [s for _, s in pairs]
    report.note("request to answer, p50", percentile(answered, 0.5) * 1e3, "ms")
    report.note("request to answer, p99", percentile(answered, 0.99) * 1e3, "ms")
    report.at_most("answer to message row, p50", percentile(shown, 0.5) * 1e3, 10, "ms")
    report.at_most("answer to message row, p99", percentile(shown, 0.99) * 1e3, 50, "ms")
    return report


def _one(connection: psycopg.Connection[Any], wire: Wire, key: str, who: str) -> tuple[float, float]:
    """Seconds from the request to the answer, and from the answer to the row (0 where it was there already)."""
    before = _rows(connection)
    body = json.dumps(
        {"userId": who, "event": "Came", "messageId": f"m-{who}", "properties": {"from": "bench"}}
    ).encode()
    start = time.perf_counter()
    wire.post(request("/v1/track", key, body))
    answered = time.perf_counter()
    while _rows(connection) == before:
        if time.perf_counter() - answered > LONGEST:
            raise RuntimeError("the message does not come; is the engine alive?")
        time.sleep(LOOK)
    shown = time.perf_counter()
    time.sleep(PAUSE)
    return answered - start, shown - answered


def _rows(connection: psycopg.Connection[Any]) -> int:
    """Rows of the outbox so far; a sequence would count what is not committed."""
    row = connection.execute("SELECT count(*) FROM outbox").fetchone()
    return int(row[0]) if row else 0


def _key(workspace: Any) -> str:
    from safar.accounts.models import ApiKey
    from safar.accounts.services import create_key

    return create_key(workspace=workspace, kind=ApiKey.WRITE)
