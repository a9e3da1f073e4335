"""Group commit: requests that come while a commit is under way share the next one.

One thread and one connection a process. A commit for each event would be a disk flush a request; so a busy process
writes dozens in one transaction, and an idle one answers at once.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import Connection

from safar.accounts.keys import Key, KeyRing
from safar.api.beside import Beside
from safar.events.accept import Door, Outcome, Parcel, accept_parcels

log = logging.getLogger(__name__)

MAX_GROUP = 2_000  # messages of one transaction, if they come in more than one request
MAX_WAITING = 50_000  # messages in memory; beyond, requests are turned away until there is room
FLUSH_SECONDS = 5.0  # between writes of what is learnt beside the way in

Look = Callable[[Connection[Any]], Any]
Result = Any  # an Outcome, what was looked up, or the exception that whoever asked is told of


class Unavailable(Exception):
    """It was not accepted, or nobody knows: the client has to send it again."""


class RefusedByDatabase(Exception):
    """A value that PostgreSQL will not take: a gap in our checks."""


class Job:
    """One request's wish: a parcel to be accepted, or something to be looked up. Its future belongs to an event loop."""

    __slots__ = ("future", "loop", "work")

    def __init__(self, work: Parcel | Look) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()


class Writer:
    """Takes parcels and look-ups from event loops. connect: opens a connection (autocommit)."""

    def __init__(self, connect: Callable[[], Connection[Any]], keys: KeyRing | None = None) -> None:
        self.keys = keys or KeyRing()
        self._connect = connect
        self._conn: Connection[Any] | None = None
        self._door = Door()
        self.beside = Beside()
        self._flush_at = 0.0
        self._jobs: deque[Job] = deque()
        self._waiting = 0
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False

    async def accept(self, parcel: Parcel) -> Outcome:
        """Wait until the parcel is committed. Raises Unavailable, or RefusedByDatabase."""
        if self._waiting >= MAX_WAITING:
            raise Unavailable("more comes in than can be written")
        outcome: Outcome = await self._ask(Job(parcel), len(parcel.messages))
        return outcome

    async def find_key(self, plain: str) -> Key | None:
        """The live key with this text. Raises Unavailable."""
        known, key = self.keys.peek(plain)
        if not known:
            key = await self.look(lambda conn: self.keys.find(conn, plain))
        return key

    async def look(self, up: Look) -> Any:
        """What `up` finds on the writer's connection: something small that requests ask for. Raises Unavailable."""
        return await self._ask(Job(up), 1)

    def refused(self, **what: Any) -> None:
        """Put a refused request down (``RefusalKeeper.notice``). Nobody waits for it."""
        self.beside.refusals.notice(**what)
        with self._change:  # a writer without jobs sleeps until it is told
            if self._thread is not None and not self._jobs:
                self._change.notify()

    def stop(self) -> None:
        """Finish what is waiting, then end the thread and close the connection."""
        with self._change:
            self._stopped = True
            self._change.notify()
        if self._thread is not None:
            self._thread.join()

    def _ask(self, job: Job, size: int) -> asyncio.Future[Any]:
        with self._change:
            if self._stopped:
                raise Unavailable("the process is about to stop")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="safar-ingest-writer", daemon=True)
                self._thread.start()
            self._jobs.append(job)
            self._waiting += size
            self._change.notify()
        return job.future

    def _run(self) -> None:
        while True:
            jobs = self._take()
            if not jobs and self._stopped:
                self._learn([], [])
                break
            try:
                results = self._work(jobs) if jobs else []
            except BaseException as error:  # nothing may end this thread while somebody waits for it
                log.exception("the writer failed")
                results = [Unavailable(str(error))] * len(jobs)
            _answer(jobs, results)
            self._learn(jobs, results)
        self._drop_connection()

    def _take(self) -> list[Job]:
        """All that is waiting, up to MAX_GROUP messages; waits for it, but not for ever while something learnt waits."""
        with self._change:
            if not self._jobs and not self._stopped:
                self._change.wait(FLUSH_SECONDS if self.beside else None)
            jobs: list[Job] = []
            messages = 0
            while self._jobs and (not jobs or messages < MAX_GROUP):
                job = self._jobs.popleft()
                jobs.append(job)
                messages += len(job.work.messages) if isinstance(job.work, Parcel) else 1
            self._waiting -= messages
            return jobs

    def _work(self, jobs: list[Job]) -> list[Result]:
        try:
            conn = self._connection()
            parcels = [job.work for job in jobs if isinstance(job.work, Parcel)]
            outcomes = iter(self._accept(conn, parcels) if parcels else [])
            return [next(outcomes) if isinstance(j.work, Parcel) else j.work(conn) for j in jobs]
        except psycopg.Error as error:
            log.warning("nothing could be written: %s", str(error).strip())
            self._drop_connection()
            return [Unavailable("the database cannot be reached")] * len(jobs)

    def _accept(self, conn: Connection[Any], parcels: list[Parcel]) -> list[Result]:
        """An outcome each. Where PostgreSQL refuses a value, each parcel is tried alone, so that the others go in."""
        try:
            return list(accept_parcels(conn, parcels, self._door))
        except psycopg.DataError as error:
            if len(parcels) == 1:
                log.error("PostgreSQL refuses a message that our checks let pass: %s", error)
                return [RefusedByDatabase(error.diag.message_primary or "a value cannot be stored")]
        return [result for parcel in parcels for result in self._accept(conn, [parcel])]

    def _learn(self, jobs: list[Job], results: list[Result]) -> None:
        pairs = zip(jobs, results, strict=True)
        self.beside.notice([j.work for j, r in pairs if isinstance(j.work, Parcel) and isinstance(r, Outcome)])
        if not self.beside or (time.monotonic() < self._flush_at and not self._stopped):
            return
        self._flush_at = time.monotonic() + FLUSH_SECONDS
        try:
            self.beside.flush(self._connection())
        except psycopg.Error as error:
            log.warning("what was learnt could not be written: %s", str(error).strip())

    def _connection(self) -> Connection[Any]:
        if self._conn is None or self._conn.closed:
            self._conn = self._connect()
            self._door = Door()  # another database may stand behind the same address by now
        return self._conn

    def _drop_connection(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None


def _answer(jobs: list[Job], results: list[Result]) -> None:
    """Tell the event loops, each once for all its requests."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Result]]] = {}
    for job, result in zip(jobs, results, strict=True):
        by_loop.setdefault(job.loop, []).append((job.future, result))
    for loop, pairs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, pairs)
        except RuntimeError:  # the loop was closed: nobody waits any more
            continue


def _settle(pairs: list[tuple[asyncio.Future[Any], Result]]) -> None:
    for future, result in pairs:
        if future.done():  # the client went away
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
