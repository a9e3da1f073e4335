"""The benchmark `ingest`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from safar.bench.house import make_workspace
from safar.bench.http import post_all, request
from safar.bench.ingest.apply import apply_by_engine, apply_by_floor, fill_inbox
from safar.bench.ingest.messages import bodies, make_messages, single_bodies
from safar.bench.measure import Meter, cpu_of
from safar.bench.processes import backend_pid, web_process
from safar.bench.report import Report, divide, percentile
from safar.events.partitions import ensure_partitions
from safar.postgres.connections import connect

Say = Callable[[str], None]
SIZE, SMALL = 50_000, 600
BATCH, AT_ONCE, SINGLES_AT_ONCE = 100, 4, 32
_COPIED = "lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, traits, consent, tags, context, message_id"


def bench_ingest(url: str, size: int, say: Say) -> Report:
    """size: events of each part; a fifth of it for single requests."""
    from safar.accounts.models import ApiKey
    from safar.accounts.services import create_key

    report = Report("ingest", size, "events")
    people = max(size // 10, 10)
    with (
        connect(url, application_name="safar bench") as connection,
        connect(url, application_name="safar bench observer") as observer,
    ):
        ensure_partitions(connection, datetime.now(UTC))
        workspace = make_workspace()
        key = create_key(workspace=workspace, kind=ApiKey.SECRET)
        meter = Meter(observer, ("contact_facts",))
        with web_process(url) as (web, port):
            say("batches of 100 over HTTP")
            post_all(
                port, [request("/v1/batch", key, body) for body in bodies(make_messages(200, people, seed=7), BATCH)], 2
            )
            requests = [request("/v1/batch", key, body) for body in bodies(make_messages(size, people, seed=1), BATCH)]
            pids = [web.pid, backend_pid(url, "safar ingest") or 0]
            before, start = cpu_of(pids), time.perf_counter()
            post_all(port, requests, AT_ONCE)
            http_wall, http_cpu = time.perf_counter() - start, _less(cpu_of(pids), before)
            copy_wall, copy_cpu = _copy(url)
            say("single events over HTTP")
            made = single_bodies(make_messages(max(size // 5, 100), people, seed=2))
            singles = [request(path, key, body) for path, body in made]
            before, start = cpu_of(pids[:1]), time.perf_counter()
            took = post_all(port, singles, SINGLES_AT_ONCE)
            single_wall, single_cpu = time.perf_counter() - start, _less(cpu_of(pids[:1]), before)
        say("the engine applies them")
        apply_by_engine(url, meter)
        fill_inbox(connection, workspace.pk, size, people, seed=3)
        engine = apply_by_engine(url, meter)
        fill_inbox(connection, workspace.pk, size, people, seed=4)
        floor = apply_by_floor(url, meter)
    report.note("HTTP, batches of 100", size / http_wall, "events/s")
    report.note("HTTP, CPU of web and its backend", divide(http_cpu and http_cpu * 1e6, size), "µs an event")
    report.note("bare COPY", size / copy_wall, "events/s")
    report.note("bare COPY, CPU of client and backend", divide(copy_cpu and copy_cpu * 1e6, size), "µs an event")
    report.note("single requests, as measured", len(took) / single_wall, "/s")
    report.note("single requests, CPU of web", divide(single_cpu and single_cpu * 1e6, len(took)), "µs a request")
    report.note("single requests, p50", percentile(took, 0.5) * 1e3, "ms")
    for name, cost in (("engine", engine), ("floor", floor)):
        report.note(f"{name}, CPU of the client", cost.client * 1e6 / size, "µs an event")
        report.note(f"{name}, CPU of its backend", divide(cost.backend and cost.backend * 1e6, size), "µs an event")
        report.note(f"{name}, WAL", cost.wal / size, "bytes an event")
    report.at_most("applying a batch against its own row writes, CPU", divide(engine.cpu, floor.cpu), 2)
    report.at_least("batches of 100 against bare COPY, CPU", divide(copy_cpu, http_cpu), 0.3)
    report.at_least("single requests a second on one core", divide(len(took), single_cpu), 2000, "/s")
    report.at_most("single requests, p99", percentile(took, 0.99) * 1e3, 100, "ms")
    return report


def _copy(url: str) -> tuple[float, float | None]:
    """The inbox's own rows by COPY into a table like it; wall and CPU (client and backend) seconds."""
    with connect(url, application_name="safar bench copy") as session:
        session.execute("CREATE TABLE bench_inbox (LIKE inbox INCLUDING ALL)")
        with (
            session.cursor() as cursor,
            cursor.copy(f"COPY (SELECT {_COPIED} FROM inbox WHERE message_id LIKE 'bench%') TO STDOUT") as out,
        ):
            data = b"".join(bytes(part) for part in out)
        pid = session.info.backend_pid
        before, used, start = cpu_of([pid]), time.process_time(), time.perf_counter()
        with session.cursor() as cursor, cursor.copy(f"COPY bench_inbox ({_COPIED}) FROM STDIN") as into:
            into.write(data)
        wall = time.perf_counter() - start
        backend = _less(cpu_of([pid]), before)
        return wall, None if backend is None else backend + time.process_time() - used


def _less(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before
