"""Safar's own processes beside the benchmark, as `safar run` starts them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from safar.postgres.connections import connect

_PATIENCE = 60.0  # seconds for a process to start


@contextmanager
def web_process(url: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`safar web` on a free port of this machine: the process and the port, once it takes connections."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with _running(url, "web", SAFAR_HOST="127.0.0.1", SAFAR_PORT=str(port)) as process:
        _wait(process, lambda: _answers(port))
        yield process, port


@contextmanager
def engine_process(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """`safar engine`, once it listens."""
    with _running(url, "engine") as process:
        _wait(process, lambda: backend_pid(url, "safar engine") is not None)
        yield process


def backend_pid(url: str, application: str) -> int | None:
    """The backend of the session with this name in the database of ``url``."""
    with connect(url, application_name="safar bench looks") as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
            (application,),
        ).fetchone()
    return int(row[0]) if row else None


@contextmanager
def _running(url: str, word: str, **values: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "SAFAR_DATABASE_URL": url, "SAFAR_LOG_LEVEL": "error", **values}
    process = subprocess.Popen([sys.executable, "-m", "safar", word], env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], ready: object) -> None:
    assert callable(ready)
    until = time.monotonic() + _PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} did not start")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except (OSError, psycopg.Error):
        return False
    return True
