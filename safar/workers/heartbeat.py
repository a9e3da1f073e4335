"""A process saying that it lives, and when its loop last came round."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import psycopg

from safar.lib.sqlfile import load_sql
from safar.postgres.connections import connect
from safar.postgres.errors import ServerFault

log = logging.getLogger(__name__)

SECONDS = 5.0
BEAT = load_sql("safar.workers.sql", "beat")
LEAVE = load_sql("safar.workers.sql", "leave")


class Heartbeat:
    """Beats from a thread and a session of its own, so that it tells of a loop that hangs instead of hanging with it.

    worked_for: seconds since the loop last came round; 0 where nothing better is known.
    """

    def __init__(
        self, url: str, kind: str, worked_for: Callable[[], float] = lambda: 0.0, *, seconds: float = SECONDS
    ) -> None:
        self._url = url
        self._worked_for = worked_for
        self._seconds = seconds
        self._row = {
            "id": uuid.uuid4(),
            "kind": kind,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "version": version("safar"),
        }
        self._stop = threading.Event()
        self._conn: psycopg.Connection[Any] | None = None

    def beat(self) -> bool:
        """Say it once. False where the database was not there: the next beat connects anew."""
        try:
            if self._conn is None or self._conn.closed:
                self._conn = connect(self._url, application_name=f"safar {self._row['kind']} heartbeat")
            self._conn.execute(BEAT, {**self._row, "worked_for": self._worked_for()})
        except (psycopg.Error, ServerFault) as error:
            log.debug("no heartbeat: %s", error)
            self._conn = None
            return False
        return True

    def leave(self) -> None:
        """Take the row away: a process that ended in good order is not missed."""
        try:
            if self._conn is not None:
                self._conn.execute(LEAVE, self._row)
                self._conn.close()
        except psycopg.Error as error:
            log.debug("the heartbeat's row stays: %s", error)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Beat as long as the block lasts."""

        def loop() -> None:
            while True:
                self.beat()
                if self._stop.wait(self._seconds):
                    break
            self.leave()

        thread = threading.Thread(target=loop, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join(timeout=self._seconds)


class Rounds:
    """Counts the rounds of a loop: the loop calls it, the heartbeat asks it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()

    def __call__(self) -> None:
        self._last = self._clock()

    def age(self) -> float:
        """Seconds since the last call."""
        return self._clock() - self._last
