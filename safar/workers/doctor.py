"""One look at everything an operator may have to mend. Reads only."""

from __future__ import annotations

import platform
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from safar.postgres.connections import connect, without_password
from safar.postgres.folder import Folder
from safar.postgres.postmaster import PidFile
from safar.workers import epoch
from safar.workers.health import KINDS, SILENT_SECONDS, Health, read_health
from safar.workers.processes import Usage, command_of, measure, parent_of

FREE_BYTES = 2 * 1024**3
LAG_SECONDS = 60.0
CLOCK_SECONDS = 5.0
IDLE_BYTES = 600 * 1024**2
STRAY = "SELECT EXISTS (SELECT FROM event_default), EXISTS (SELECT FROM seen_default)"
PARTITIONS = """
SELECT p.relname, count(*), max(c.relname) FILTER (WHERE c.relname ~ '[0-9]$')
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE p.oid IN ('event'::regclass, 'seen'::regclass) GROUP BY p.relname ORDER BY p.relname
"""
OLDEST = """
SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::float8
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass
class Findings:
    """figures: section → name → value. mends: what is wrong, each with what to do, worst first."""

    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    usage: list[Usage] = field(default_factory=list)
    mends: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            **self.figures,
            "processes": [vars(usage) for usage in self.usage],
            "memory_bytes": sum(usage.memory for usage in self.usage),
            "cpu": round(sum(usage.cpu for usage in self.usage), 4),
            "mends": self.mends,
        }


def examine(
    url: str, *, home: Path, shown_settings: Mapping[str, Any], missing: Callable[[], list[str]], seconds: float
) -> Findings:
    """Look at the installation. missing: names of migrations not applied. seconds: how long processes are watched.

    Raises ServerFault or psycopg.OperationalError where the database cannot be reached.
    """
    found = Findings()
    with connect(url, application_name="safar doctor", statement_timeout=30) as conn:
        began = datetime.now(UTC)
        row = conn.execute(
            "SELECT now(), pg_database_size(current_database()), current_setting('data_directory', true)"
        )
        now, size, _ = row.fetchone() or (began, 0, None)
        unapplied = missing()
        health = read_health(conn)
        found.figures["versions"] = {
            "safar": version("safar"),
            "python": platform.python_version(),
            "postgresql": health.database,
            "system": f"{platform.system()} {platform.machine()}",
        }
        found.figures["settings"] = {name: str(value) for name, value in shown_settings.items()}
        found.figures["database"] = {
            "where": without_password(url),
            "bytes": size,
            "unapplied migrations": len(unapplied),
            "clock ahead of ours, seconds": round((now - began).total_seconds(), 3),
            "oldest transaction, seconds": round((conn.execute(OLDEST).fetchone() or (0.0,))[0], 1),
        }
        if unapplied:
            found.mends.append(f"{len(unapplied)} migrations are not applied: run `safar migrate`.")
        else:
            found.figures["database"] |= _partitions(conn, found)
            if epoch.held(conn):
                found.mends.append("This database was restored and sends nothing: look, then run `safar release`.")
    found.figures["lag, seconds"] = dict(health.lag)
    found.figures["disk"] = _disk(home)
    found.usage = measure(_roots(home, health), seconds)
    found.mends += _mends(found, health)
    return found


def _partitions(conn: psycopg.Connection[Any], found: Findings) -> dict[str, Any]:
    stray = conn.execute(STRAY).fetchone() or (False, False)
    for name, holds in zip(("event", "seen"), stray, strict=True):
        if holds and name == "seen":
            found.mends.append(
                "seen_default holds rows: partitions were made late. Nothing is lost; an engine mends it."
            )
    rows = conn.execute(PARTITIONS).fetchall()
    return {f"partitions of {name}": f"{count}, the last is {last}" for name, count, last in rows}


def _disk(home: Path) -> dict[str, Any]:
    place = next((folder for folder in (home, *home.parents) if folder.exists()), home)
    usage = shutil.disk_usage(place)
    return {"data folder": str(home), "free bytes": usage.free, "bytes": usage.total}


def _roots(home: Path, health: Health) -> dict[int, str]:
    """Processes of this machine that are ours: those that beat, their supervisor, the embedded server."""
    host = socket.gethostname()
    roots: dict[int, str] = {}
    for worker in health.workers:
        if worker.host != host or worker.silent > SILENT_SECONDS or worker.kind not in command_of(worker.pid):
            continue
        roots[worker.pid] = worker.kind
        parent = parent_of(worker.pid)
        if parent is not None and "run" in command_of(parent):
            roots[parent] = "supervisor"
    server = PidFile.read(Folder.of(home).data)
    if server is not None and any("postgres" in word for word in command_of(server.pid)):
        roots[server.pid] = "postgresql"
    return roots


def _mends(found: Findings, health: Health) -> Iterator[str]:
    for kind in KINDS:
        if not health.alive(kind):
            yield f"No {kind} process lives: start `safar run`, or `safar {kind}`."
    for worker in health.workers:
        if not worker.alive and worker.silent < SILENT_SECONDS:
            what = f"The {worker.kind} {worker.pid} on {worker.host}"
            yield f"{what} has hung for {worker.idle:.0f} s: end it, it is started again."
    for name, lag in health.lag.items():
        if lag is not None and lag > LAG_SECONDS:
            more = "dispatcher" if name == "outbox" else "engine"
            yield f"{name}: the oldest has waited {lag:.0f} s: look at the log, or start another {more}."
    clock = found.figures["database"]["clock ahead of ours, seconds"]
    if abs(clock) > CLOCK_SECONDS:
        yield f"The database's clock is {clock:+.1f} s off ours: let both follow a time server."
    oldest = found.figures["database"]["oldest transaction, seconds"]
    if oldest > 3600:
        yield f"A transaction has been open for {oldest / 3600:.1f} h and keeps tables from being cleaned: end it."
    if found.figures["disk"]["free bytes"] < FREE_BYTES:
        yield "Less than 2 GB are free where the data lies: make room before PostgreSQL stops."
    memory = sum(usage.memory for usage in found.usage)
    if memory > IDLE_BYTES and not any(health.lag.values()):
        yield f"Idle processes use {memory / 1024**2:.0f} MB, more than the 600 MB they should."
