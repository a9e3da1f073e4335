"""Does jobs, one after the other, from a thread of an engine process; any number of processes may run one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection

from safar.events.imports.progress import TakenOver
from safar.events.jobs import importing, untagging
from safar.events.jobs.queue import CHANNEL, FAILED, FINISHED, TRIES, Claimed, Lost, claim, end
from safar.lib.faults import Refused
from safar.postgres.connections import connect
from safar.postgres.errors import ServerFault

log = logging.getLogger(__name__)

Run = Callable[[Connection[Any], Claimed], dict[str, Any]]
RUNS: dict[str, Run] = {importing.KIND: importing.run, untagging.KIND: untagging.run}
IDLE = 15.0  # seconds: a notice that got lost, or a lease that ended, costs no more than this
AWAY = 5.0  # seconds before a database that is away is asked again


def run_next(conn: Connection[Any], runs: Mapping[str, Run] = RUNS) -> bool:
    """One job, to its end. runs: how each kind is done. False where none waits."""
    job = claim(conn)
    if job is None:
        return False
    try:
        if job.tries > TRIES:
            raise Refused([])
        end(conn, job, FINISHED, runs[job.kind](conn, job))
    except Refused as refused:
        end(
            conn,
            job,
            FAILED,
            {"faults": [{"place": fault.place, "message": fault.message} for fault in refused.faults]},
        )
    except (Lost, TakenOver):
        log.info("job %s is another process's by now", job.id)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise  # its lease ends, and somebody goes on
    except Exception:
        log.exception("job %s failed", job.id)
        end(conn, job, FAILED, {"faults": []})
    return True


class JobRunner:
    """Waits for jobs as long as the block lasts, in a session that sleeps. more: kinds that rooms above this one know how to do."""

    def __init__(self, url: str, more: Mapping[str, Run] | None = None) -> None:
        self._url = url
        self._runs = {**RUNS, **(more or {})}
        self._stop = threading.Event()

    def run(self) -> None:
        """Until it is stopped; a lost database is waited for."""
        while not self._stop.is_set():
            try:
                with connect(self._url, application_name="safar jobs") as conn:
                    conn.execute(f"LISTEN {CHANNEL}")
                    self._work(conn)
            except (psycopg.Error, ServerFault) as error:
                log.warning("jobs wait for the database: %s", str(error).strip())
                self._stop.wait(AWAY)

    def _work(self, conn: Connection[Any]) -> None:
        waited = IDLE
        while not self._stop.is_set():
            if waited >= IDLE:
                waited = 0.0
                while not self._stop.is_set() and run_next(conn, self._runs):
                    pass
            # A second at a time, so that a stop is heard; no statement meanwhile.
            told = any(True for _ in conn.notifies(timeout=1.0, stop_after=1))
            waited = IDLE if told else waited + 1.0

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self.run, name="jobs", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
