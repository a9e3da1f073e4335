"""The benchmark `engine`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg

from safar.bench.engine.crowd import DAY, WAVE, Stage, make_stage
from safar.bench.engine.floor import Floor
from safar.bench.engine.peer import Peer
from safar.bench.engine.together import run_engines
from safar.bench.house import START, count_passages
from safar.bench.measure import Cost, Meter
from safar.bench.report import Report, divide
from safar.journeys.engine.loop import Engine
from safar.postgres.connections import connect

Say = Callable[[str], None]
SIZE, SMALL = 1_000_000, 2_000
SAMPLE = 5_000  # steps of a peer
TWO_FROM, ONE_FROM = START + 10 * DAY, START + 20 * DAY


def bench_engine(url: str, size: int, say: Say) -> Report:
    """size: enrollments that one engine moves; the floor moves a quarter of that, and the two-engine run as well."""
    report = Report("engine", size, "enrollments")
    with (
        connect(url, application_name="safar bench") as connection,
        connect(url, application_name="safar bench observer") as observer,
    ):
        stage = make_stage(url, connection)
        quarter = max(size // 4, 500)
        say(f"making {size + 3 * quarter:,} enrollments")
        stage.add(size, START)
        floor_crowd = stage.add(quarter, START)
        peers = stage.add(max(min(SAMPLE // 4, quarter), 10), START + 40 * DAY)
        stage.add(quarter, TWO_FROM)
        stage.add(quarter, ONE_FROM)
        connection.execute("DELETE FROM timer WHERE slot >= %s", (START + 40 * DAY,))
        stage.settle()
        meter = Meter(observer)
        say("one engine")
        _forget(connection, floor_crowd)
        first, passages = _engine(stage, meter, START + DAY + WAVE)
        last, more = _engine(stage, meter, START + 2 * DAY + WAVE)
        say("the floor")
        floor = Floor(stage, *floor_crowd)
        floor_passages = floor.prepare(_code(connection))
        with connect(url, application_name="safar bench floor") as session, meter.running([session]) as floor_cost:
            floor.run(session, START + DAY + WAVE)
        say("one transaction a step")
        steps, peer_cost = _peer(stage, meter, peers)
        say("one engine and two, each in a process of its own")
        connection.execute("DELETE FROM timer WHERE slot < %s", (TWO_FROM,))
        two = run_engines(url, 2, TWO_FROM + DAY + WAVE)
        connection.execute("DELETE FROM timer WHERE slot < %s", (ONE_FROM,))
        one = run_engines(url, 1, ONE_FROM + DAY + WAVE)
    _tell_cost(report, "engine, first stretch", first, passages)
    _tell_cost(report, "engine, second stretch", last, more)
    _tell_cost(report, "floor, first stretch", floor_cost, floor_passages)
    _tell_cost(report, "one transaction a step", peer_cost, steps)
    ours = divide(first.cpu, passages)
    report.note(
        "two engines, CPU of both and their backends",
        divide(two.client + (two.backend or 0), one.client + (one.backend or 0)),
        "× of one",
    )
    report.at_least(
        "passages a second, both stretches, one engine", (passages + more) / (first.wall + last.wall), 200_000, "/s"
    )
    report.at_most("CPU against the floor", divide(ours, divide(floor_cost.cpu, floor_passages)), 3)
    report.at_least("CPU of one transaction a step against ours", divide(divide(peer_cost.cpu, steps), ours), 80)
    report.at_least("two engines against one", one.wall / two.wall, 1.5)
    report.at_most(
        "WAL records a passage", divide(_record_bytes(first) + _record_bytes(last), passages + more), 100, "bytes"
    )
    report.at_least("HOT updates of enrollments", first.hot_share, 95, "%")
    return report


def _engine(stage: Stage, meter: Meter, now: datetime) -> tuple[Cost, int]:
    """Everybody due before ``now`` moves."""
    before = count_passages(stage.connection, stage.version)
    engine = Engine(stage.url, now=lambda: now)
    try:
        session = engine.session().connection
        with meter.running([session]) as cost:
            while engine.run_once():
                pass
    finally:
        engine.close()
    return cost, count_passages(stage.connection, stage.version) - before


def _forget(connection: psycopg.Connection[Any], crowd: tuple[int, int]) -> None:
    """No engine shall move this crowd; hints of one crowd stand in rows of their own."""
    connection.execute("DELETE FROM timer WHERE subjects[1] >> 10 >= %s AND subjects[1] >> 10 < %s", crowd)


def _code(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT trail[4] FROM enrollment WHERE cardinality(trail) >= 4 LIMIT 1").fetchone()
    assert row is not None
    return int(row[0])


def _peer(stage: Stage, meter: Meter, crowd: tuple[int, int]) -> tuple[int, Cost]:
    contacts = [n << 10 | (n * 617) % 1024 for n in range(*crowd)]
    with connect(stage.url, application_name="safar bench peer") as session:
        peer = Peer(session, stage.workspace.pk, stage.version.journey_id)
        with meter.running([session]) as cost:
            steps = sum(peer.walk(contact, START + 41 * DAY) for contact in contacts)
    return steps, cost


def _record_bytes(cost: Cost) -> float:
    """WAL without page images, whose size is not told: what is left when each is taken for half a page."""
    return max(cost.wal - cost.images * 4096, 0)


def _tell_cost(report: Report, name: str, cost: Cost, passages: int) -> None:
    micro = 1e6
    report.note(f"{name}: passages", passages, "points")
    report.note(f"{name}: passages a second", divide(passages, cost.wall), "/s")
    report.note(f"{name}: CPU of the client", divide(cost.client * micro, passages), "µs a passage")
    report.note(
        f"{name}: CPU of its backend",
        divide(None if cost.backend is None else cost.backend * micro, passages),
        "µs a passage",
    )
    report.note(
        f"{name}: CPU of the server's helpers",
        divide(None if cost.helpers is None else cost.helpers * micro, passages),
        "µs a passage",
    )
    report.note(f"{name}: WAL with page images", divide(cost.wal, passages), "bytes a passage")
    report.note(f"{name}: WAL records", divide(cost.records, passages), "a passage")
    report.note(f"{name}: page images", divide(cost.images, passages), "a passage")
    report.note(f"{name}: HOT updates", cost.hot_share, "%")
