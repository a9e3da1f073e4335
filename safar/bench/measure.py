"""What a piece of work costs: wall time, CPU of the client and of the PostgreSQL backends apart, WAL, HOT updates."""

from __future__ import annotations

import os
import re
import resource
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

Conn = psycopg.Connection[Any]

_TICK = os.sysconf("SC_CLK_TCK")
_WAL = "SELECT wal_records, wal_fpi, wal_bytes::bigint FROM pg_stat_wal"
_HOT = "SELECT coalesce(sum(n_tup_upd), 0)::bigint, coalesce(sum(n_tup_hot_upd), 0)::bigint FROM pg_stat_user_tables WHERE relname = ANY (%s)"
_HELPERS = re.compile(r"postgres: (?:\S+ )?(?:walwriter|checkpointer|background writer|io worker|autovacuum)")


@dataclass
class Cost:
    """Seconds and bytes. backend: of the sessions that do the work; helpers: WAL writer, checkpointer and their like, None where they
    cannot be read. wal: bytes with page images; images: how many of these."""

    wall: float = 0.0
    client: float = 0.0
    backend: float | None = None
    helpers: float | None = None
    wal: int = 0
    records: int = 0
    images: int = 0
    updates: int = 0
    hot: int = 0

    @property
    def cpu(self) -> float | None:
        """Client and backend together, seconds."""
        return None if self.backend is None else self.client + self.backend

    @property
    def hot_share(self) -> float | None:
        """Per cent of updates."""
        return 100 * self.hot / self.updates if self.updates else None


@dataclass
class Meter:
    """Measures what happens inside ``running``. observer: a session of its own (autocommit). tables: whose updates are counted."""

    observer: Conn
    tables: tuple[str, ...] = ("enrollment",)

    @contextmanager
    def running(self, sessions: Iterable[Conn], processes: Iterable[int] = ()) -> Iterator[Cost]:
        """sessions: that do the work, idle before and after. processes: further client processes, running before and after."""
        working, clients, cost = list(sessions), list(processes), Cost()
        pids = [session.info.backend_pid for session in working]
        helpers = helpers_of(self.observer.info.backend_pid)
        wal, rows = self._counters(working)
        client, backend, others = _client(clients), cpu_of(pids), cpu_of(helpers)
        start = time.perf_counter()
        yield cost
        cost.wall = time.perf_counter() - start
        cost.client = _client(clients) - client
        cost.backend = _less(cpu_of(pids), backend)
        cost.helpers = _less(cpu_of(helpers), others)
        wal_after, rows_after = self._counters(working)
        cost.records, cost.images, cost.wal = (after - before for after, before in zip(wal_after, wal, strict=True))
        cost.updates, cost.hot = (after - before for after, before in zip(rows_after, rows, strict=True))

    def _counters(self, sessions: Iterable[Conn]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        for session in sessions:  # a session tells its counts at most once a second unless it is asked to
            session.execute("SELECT pg_stat_force_next_flush()")
            if not session.autocommit:
                session.commit()
        time.sleep(0.05)  # the flush follows the answer
        self.observer.execute("SELECT pg_stat_clear_snapshot()")
        wal = self.observer.execute(_WAL).fetchone()
        rows = self.observer.execute(_HOT, (list(self.tables),)).fetchone()
        assert wal is not None
        assert rows is not None
        return tuple(map(int, wal)), tuple(map(int, rows))


def cpu_of(pids: Iterable[int]) -> float | None:
    """CPU seconds of processes of this machine, whole; None where one cannot be read."""
    total, wanted = 0.0, list(pids)
    if not wanted:
        return None
    for pid in wanted:
        used = _cpu(pid)
        if used is None:
            return None
        total += used
    return total


def helpers_of(backend: int) -> list[int]:
    """The server's own processes: those with the same parent as a backend. Empty where /proc does not show them."""
    parent, found = _parent(backend), []
    if parent is not None:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if _HELPERS.match(line) and _parent(int(folder.name)) == parent:
                found.append(int(folder.name))
    return found


def _parent(pid: int) -> int | None:
    try:
        return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _cpu(pid: int) -> float | None:
    """From schedstat in nanoseconds where one thread is all there is; from stat in hundredths of a second otherwise."""
    folder = Path("/proc") / str(pid)
    try:
        if len(list((folder / "task").iterdir())) == 1:
            return int((folder / "schedstat").read_text().split()[0]) / 1e9
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK
    except (OSError, ValueError, IndexError):
        return None


def _client(pids: list[int]) -> float:
    return time.process_time() + sum(_cpu(pid) or 0.0 for pid in pids)


def children_cpu() -> float:
    """CPU seconds of child processes that have ended and were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _less(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before
