"""Whether web, engine, dispatcher and database live, and how far behind they are. For `/healthz` and `safar doctor`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import psycopg

from safar.lib.sqlfile import load_sql
from safar.postgres.connections import connect, database_url
from safar.postgres.errors import ServerFault

KINDS = ("web", "engine", "dispatcher")
QUEUES = ("inbox", "timers", "outbox")
SILENT_SECONDS = 20.0  # four missed beats
STUCK_SECONDS = 300.0  # a loop that has not come round for so long hangs, although its process lives
LAG = load_sql("safar.workers.sql", "lag")
LIVING = """
SELECT kind, host, pid, version, extract(epoch FROM now() - started_at)::float8 AS up,
       extract(epoch FROM now() - beat_at)::float8 AS silent, extract(epoch FROM now() - worked_at)::float8 AS idle
FROM worker_heartbeat ORDER BY kind, started_at
"""


@dataclass(frozen=True)
class Worker:
    """One process as its row tells it. Times in seconds: since its start, its last beat, its loop's last round."""

    kind: str
    host: str
    pid: int
    version: str
    up: float
    silent: float
    idle: float

    @property
    def alive(self) -> bool:
        return self.silent < SILENT_SECONDS and self.idle - self.silent < STUCK_SECONDS


@dataclass(frozen=True)
class Health:
    """One look. lag: seconds the oldest waiting thing has waited (inbox, timers, outbox), None where nothing waits."""

    database: str | None  # the server's version, None: not reached
    fault: str = ""
    workers: tuple[Worker, ...] = ()
    lag: Mapping[str, float | None] = field(default_factory=dict)

    def alive(self, kind: str) -> int:
        return sum(worker.alive for worker in self.workers if worker.kind == kind)

    @property
    def ok(self) -> bool:
        return self.database is not None and all(self.alive(kind) for kind in KINDS)

    def as_json(self) -> dict[str, Any]:
        """What `/healthz` answers: words and figures, nothing about anybody's data, machine or address."""
        return {
            "status": "ok" if self.ok else "failing",
            "version": version("safar"),
            "database": {"alive": self.database is not None, "version": self.database},
            **{kind: {"alive": self.alive(kind)} for kind in KINDS},
            "lag_seconds": {name: None if lag is None else round(max(lag, 0.0), 3) for name, lag in self.lag.items()},
        }


def look(url: str | None = None) -> Health:
    """Look once. Does not raise for a database that is not there or not migrated: that is what is to be told."""
    try:
        with connect(
            database_url(os.environ) if url is None else url, application_name="safar health", statement_timeout=3
        ) as conn:
            return read_health(conn)
    except (psycopg.Error, ServerFault) as error:
        return Health(database=None, fault=str(error).strip())


def read_health(conn: psycopg.Connection[Any]) -> Health:
    """As `look`, on an autocommit session of the caller's."""
    number = conn.info.server_version
    database = f"{number // 10000}.{number % 10000}"
    try:
        workers = tuple(Worker(*row) for row in conn.execute(LIVING).fetchall())
        lag = conn.execute(LAG).fetchone() or (None, None, None)
    except psycopg.errors.UndefinedTable:
        return Health(database, fault="The tables are not there yet: run `safar migrate`.")
    return Health(database, workers=workers, lag=dict(zip(QUEUES, lag, strict=True)))
