"""The benchmark `dispatch`."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from safar.bench.dispatch.tracking import cost_of_tracking
from safar.bench.house import START, make_workspace, publish_journey
from safar.bench.latency import JOURNEY
from safar.bench.measure import children_cpu, cpu_of
from safar.bench.report import Report, divide
from safar.bench.statements import statements_of
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.settings import Sending
from safar.journeys.engine.loop import Engine
from safar.postgres.connections import connect

Say = Callable[[str], None]
SIZE, SMALL = 5_000, 40
RUNS = 100  # of the dispatcher, if one does not do all that is due
SECRET = "a key for benchmarks only, nothing else"


def bench_dispatch(url: str, size: int, say: Say) -> Report:
    """size: messages."""
    report = Report("dispatch", size, "messages")
    with connect(url, application_name="safar bench") as connection, running_sink() as port:
        workspace = make_workspace(send_mode="live")
        version = publish_journey(connection, workspace, JOURNEY)
        say(f"queueing {size:,} messages")
        queue_messages(url, connection, workspace.pk, version.journey_id, size)
        sending = Sending(
            secret_key=SECRET,
            public_url="https://safar.example",
            email_url=f"smtp://127.0.0.1:{port}?tls=none",
            email_from="Shop <shop@shop.example>",
        )
        say("the dispatcher")
        dispatcher = Dispatcher(url, "bench", sending=sending)
        try:
            dispatcher.run_once(START)  # connections, plans, the rendering child
            pid = dispatcher._connection().info.backend_pid
            connection.execute("UPDATE outbox SET due_at = %s WHERE state = 0", (START,))
            used, backend, start = time.process_time(), cpu_of([pid]), time.perf_counter()
            runs = 0
            while _waiting(connection) and runs < RUNS:
                dispatcher.run_once()
                runs += 1
            wall, client = time.perf_counter() - start, time.process_time() - used
            after = cpu_of([pid])
            spent = None if after is None or backend is None else after - backend
        finally:
            rendering = children_cpu()
            dispatcher.close()
            rendering = children_cpu() - rendering
        accepted, text = _accepted(connection)
        if accepted != size:
            found = connection.execute("SELECT state, reason, said, count(*) FROM message GROUP BY 1, 2, 3").fetchall()
            raise RuntimeError(f"{accepted} of {size} messages were accepted: {found}")
        say("tracking")
        tracked = cost_of_tracking(connection, workspace.pk, size, sending)
        say("smtplib")
        bare, bare_cpu = _bare(port, text, size)
    report.note("runs of the dispatcher until nothing was left", runs, "")
    report.note("dispatcher", size / wall, "messages/s")
    report.note("dispatcher, CPU of the client", client * 1e6 / size, "µs a message")
    report.note("dispatcher, CPU of the rendering child, with its start", rendering * 1e6 / size, "µs a message")
    report.note("dispatcher, CPU of its backend", divide(spent and spent * 1e6, size), "µs a message")
    report.note("tracking five links and an opening, CPU of the client", tracked * 1e6, "µs a message")
    report.note("smtplib loop", size / bare, "messages/s")
    report.note("smtplib loop, CPU", bare_cpu * 1e6 / size, "µs a message")
    report.at_most("tracking, of the dispatcher's CPU", tracked * size / client, 0.5)
    report.at_least("as fast as a bare smtplib loop", bare / wall, 0.5)
    return report


def queue_messages(
    url: str, connection: psycopg.Connection[Any], workspace_id: int, journey_id: int, count: int
) -> None:
    """One message decided by the engine and ``count`` - 1 like it, of contacts who agreed to e-mail; due in the far future but for the one."""
    one = 1 << 10 | 617
    for statement in statements_of("safar.bench.dispatch", "first"):
        connection.execute(statement, {"one": one, "bucket": one & 1023, "workspace": workspace_id, "start": START})
    engine = Engine(url, now=lambda: START)
    engine.run_once()
    engine.close()
    for statement in statements_of("safar.bench.dispatch", "more"):
        connection.execute(
            statement, {"count": count, "workspace": workspace_id, "journey": journey_id, "start": START}
        )


@contextmanager
def running_sink() -> Iterator[int]:
    """The sink in a process of its own; its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "safar.bench.dispatch.sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def _waiting(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT EXISTS (SELECT FROM outbox)").fetchone()
    return bool(row and row[0])


def _accepted(connection: psycopg.Connection[Any]) -> tuple[int, str]:
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 'accepted'), max(body_html) FROM message"
    ).fetchone()
    assert row is not None
    return int(row[0]), row[1] or ""


def _bare(port: int, text: str, count: int) -> tuple[float, float]:
    """Wall and CPU seconds of ``count`` messages of that size through one connection."""
    source = f"From: shop@shop.example\r\nTo: person@example.org\r\nSubject: Hello\r\n{'X-Filler: ' + 'x' * 900}\r\n\r\n{text}\r\n"
    with smtplib.SMTP("127.0.0.1", port) as client:
        used, start = time.process_time(), time.perf_counter()
        for number in range(count):
            client.sendmail("shop@shop.example", f"person-{number}@example.org", source.encode())
        return time.perf_counter() - start, time.process_time() - used
