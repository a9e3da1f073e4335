"""What the doctor sees and says."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from safar.workers.doctor import Findings, examine
from safar.workers.health import KINDS
from safar.workers.heartbeat import Heartbeat
from safar.workers.processes import measure, parent_of


@pytest.fixture
def look(database_url: str, conn: psycopg.Connection[Any], tmp_path: Path):
    """Examine the module's database; the heartbeats are ours alone."""
    conn.execute("DELETE FROM worker_heartbeat")

    def examine_now(missing: list[str] | None = None) -> Findings:
        return examine(
            database_url, home=tmp_path, shown_settings={"port": 8000}, missing=lambda: missing or [], seconds=0.05
        )

    return examine_now


def test_nothing_to_mend_while_all_live(look, database_url: str) -> None:
    for kind in KINDS:
        assert Heartbeat(database_url, kind).beat()
    found = look()
    assert found.mends == []
    assert found.figures["versions"]["postgresql"]
    assert found.figures["database"]["partitions of event"].split(", ")[1].startswith("the last is event_2")
    json.dumps(found.as_json(), default=str)


def test_each_missing_kind_with_its_mend(look) -> None:
    said = "\n".join(look().mends)
    for kind in KINDS:
        assert f"No {kind} process lives" in said


def test_a_loop_that_hangs_is_named(look, database_url: str, conn: psycopg.Connection[Any]) -> None:
    assert Heartbeat(database_url, "engine").beat()
    conn.execute("UPDATE worker_heartbeat SET worked_at = now() - interval '10 min'")
    said = "\n".join(look().mends)
    assert f"The engine {os.getpid()} on {socket.gethostname()} has hung for 600 s" in said


def test_migrations_that_are_missing(look) -> None:
    assert "2 migrations are not applied: run `safar migrate`." in look(["a.0001", "b.0001"]).mends


def test_a_restored_database(look, conn: psycopg.Connection[Any]) -> None:
    from safar.outbox.holds import hold, let_go
    from safar.workers.epoch import REASON

    hold(conn, reason=REASON)
    try:
        assert any("safar release" in mend for mend in look().mends)
    finally:
        let_go(conn)


def test_what_waits_for_long(look, conn: psycopg.Connection[Any]) -> None:
    conn.execute("INSERT INTO timer (lane, slot, subjects) VALUES (0, now() - interval '5 min', '{1}')")
    try:
        assert any(mend.startswith("timers: the oldest has waited 30") for mend in look().mends)
    finally:
        conn.execute("DELETE FROM timer")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux's /proc")
def test_processes_are_measured_with_their_children() -> None:
    line = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"
    parent = subprocess.Popen([sys.executable, "-c", line])
    try:
        deadline = time.monotonic() + 20
        while len(found := measure({parent.pid: "work"}, 0.2)) < 2:
            assert time.monotonic() < deadline
        assert {usage.what for usage in found} == {"work"}
        busy = max(found, key=lambda usage: usage.cpu)
        assert parent_of(busy.pid) == parent.pid
        assert busy.memory > 1_000_000
    finally:
        for usage in measure({parent.pid: "work"}, 0.0):
            os.kill(usage.pid, 9)
        parent.wait()
