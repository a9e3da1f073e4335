"""Hits between the moment they come in and the database: answered at once, kept in memory for a moment, written down together.

They wait for two seconds, so that what a scanner does is seen as a whole: the third link of a message within a second says of the first two
that nobody read them. The same request again within that time is no second hit. When more comes than can be written, the rest is
counted and dropped: an opening is worth less than the shop's other events, and every link leads on all the same.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection

from safar.channels.tracking.machines import Hit
from safar.channels.tracking.reactions import note_hits

log = logging.getLogger(__name__)

WAIT = 2.0  # seconds without another hit of its message that a hit waits
LONGEST_WAIT = 10.0  # and no longer, whatever comes
MOST = 20_000  # waiting at once
GROUP = 1_000  # written in one transaction
TRIES = 30  # of writing, WAIT apart: a database that is away for a minute loses nothing

_Same = tuple[bool, bool, str, str, int]
_Message = tuple[int, int]


@dataclass(slots=True)
class _Waiting:
    """Hits of one message. since, last: seconds by a clock that never goes back."""

    since: float
    last: float
    hits: dict[_Same, Hit]


class Ledger:
    """Belongs to a process; ``put`` may be called from any thread. connect: opens a connection (autocommit)."""

    def __init__(self, connect: Callable[[], Connection[Any]], *, most: int = MOST) -> None:
        self.dropped = 0
        self._connect, self._most = connect, most
        self._conn: Connection[Any] | None = None
        self._waiting: dict[_Message, _Waiting] = {}
        self._size = 0
        self._lock = threading.Lock()
        self._some, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def __len__(self) -> int:
        return self._size

    def put(self, hit: Hit) -> bool:
        """False where it is dropped. Never waits for the database."""
        same = (hit.head, hit.ahead, hit.said, hit.agent, hit.what.link_id)
        now = time.monotonic()
        with self._lock:
            message = self._waiting.get((hit.what.bucket, hit.what.message_id))
            if message is not None and same in message.hits:
                return True
            if self._stop.is_set() or self._size >= self._most:
                self.dropped += 1
                return False
            if message is None:
                message = self._waiting[hit.what.bucket, hit.what.message_id] = _Waiting(now, now, {})
            message.hits[same] = hit
            message.last = now
            self._size += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="safar-reactions", daemon=True)
                self._thread.start()
        self._some.set()
        return True

    def stop(self) -> None:
        """Write what is waiting, then end."""
        self._stop.set()
        self._some.set()
        if self._thread is not None:
            self._thread.join()

    def flush(self, settled: float = 0.0) -> bool:
        """Write down what waits. settled: seconds without another hit that a message has to have. False where the database cannot be
        reached; what was not written waits on.
        """
        while taken := self._take(settled):
            try:
                self._write([hit for one in taken.values() for hit in one.hits.values()])
            except psycopg.OperationalError as error:
                log.warning("openings and clicks wait: %s", str(error).strip())
                self._drop()
                self._put_back(taken)
                return False
        if self.dropped:
            log.warning("%s openings and clicks were dropped: more came than could be written", self.dropped)
            self.dropped = 0
        return True

    def _take(self, settled: float) -> dict[_Message, _Waiting]:
        """Messages with all their hits, a group of them."""
        now = time.monotonic()
        taken: dict[_Message, _Waiting] = {}
        size = 0
        with self._lock:
            for key, one in self._waiting.items():
                if size >= GROUP:
                    break
                if now - one.last >= settled or (settled and now - one.since >= LONGEST_WAIT):
                    taken[key] = one
                    size += len(one.hits)
            for key in taken:
                del self._waiting[key]
            self._size -= size
        return taken

    def _put_back(self, taken: dict[_Message, _Waiting]) -> None:
        with self._lock:
            for key, one in taken.items():
                there = self._waiting.setdefault(key, one)
                self._size += len(one.hits.keys() - there.hits.keys()) if there is not one else len(one.hits)
                there.hits = one.hits | there.hits

    def _write(self, group: list[Hit]) -> None:
        conn = self._connection()
        try:
            with conn.transaction():
                note_hits(conn, group)
        except (psycopg.DataError, psycopg.IntegrityError):
            if len(group) == 1:
                log.exception("an opening or a click cannot be written")
                return
            for hit in group:
                self._write([hit])

    def _run(self) -> None:
        tries = 0
        while True:
            self._some.wait()
            stopped = self._stop.wait(WAIT / 2)
            try:
                written = self.flush(0.0 if stopped else WAIT)
            except Exception:
                log.exception("openings and clicks could not be written")
                self._drop()
                written = True  # what was taken is gone: it would fail again
            tries = 0 if written else tries + 1
            if tries >= TRIES * 2:
                self._give_up()
            if stopped:
                break
            with self._lock:
                if not self._waiting:
                    self._some.clear()
        self._drop()

    def _give_up(self) -> None:
        with self._lock:
            lost, self._size, self._waiting = self._size, 0, {}
        log.error("%s openings and clicks are lost: the database could not be reached", lost)

    def _connection(self) -> Connection[Any]:
        if self._conn is None or self._conn.closed:
            self._conn = self._connect()
        return self._conn

    def _drop(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None
