"""A few child processes that render. A template that loops for ever or fills the memory costs its own message and a
child.

Children are forked from a small server process that has Liquid loaded, so a new one takes milliseconds; whole batches
go to a child at once, so a message costs tens of microseconds of talk.
"""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

import msgspec

from safar.content.forks import ForkServer

MEMORY = 512 * 1024 * 1024  # bytes of address space of a child; a quarter of it is Python itself
SECONDS = 3.0  # of the clock for one message: a machine under load needs more than the processor's time
CPU_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Job:
    """One message to be made: see render.py. Jobs of one batch that share a template object cross the pipe with one
    copy.
    """

    template: Mapping[str, Any]
    language: str | None
    data: Mapping[str, Any]
    locale: Mapping[str, str]
    unsubscribe: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """pattern: of an SMS that has one, {"code", "text", "values", "second"}; see render.py."""

    language: str
    subject: str
    html: str
    text: str
    pattern: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Unrenderable:
    """Why this one message cannot be made."""

    fault: str


class _Child:
    """One process and what it has been given: ``todo`` holds (place in the answers, job), the one being rendered first."""

    def __init__(self, server: ForkServer) -> None:
        self.server = server
        self.number, self.pipe = server.fork()
        self.todo: list[tuple[int, Job]] = []
        self.deadline = 0.0

    def kill(self) -> None:
        self.pipe.close()
        self.server.kill(self.number)

    def restart(self) -> None:
        self.kill()
        self.number, self.pipe = self.server.fork()

    def give(self, todo: list[tuple[int, Job]], seconds: float) -> None:
        self.todo = todo
        numbers: dict[int, int] = {}
        templates: list[Mapping[str, Any]] = []
        jobs = []
        for _, job in todo:
            if id(job.template) not in numbers:
                numbers[id(job.template)] = len(templates)
                templates.append(job.template)
            jobs.append(
                {
                    "template": numbers[id(job.template)],
                    "language": job.language,
                    "data": job.data,
                    "locale": job.locale,
                    "unsubscribe": job.unsubscribe,
                }
            )
        self.deadline = time.monotonic() + seconds
        self.pipe.send_bytes(msgspec.msgpack.encode([templates, jobs]))


class RenderPool:
    """Renders batches. Safe to share between threads, one batch at a time. Close it, or leave it to the process's
    end.
    """

    def __init__(
        self, size: int = 1, *, seconds: float = SECONDS, memory: int = MEMORY, cpu_seconds: int = CPU_SECONDS
    ) -> None:
        self.size, self.seconds = size, seconds
        self._server = ForkServer(memory, cpu_seconds)
        self._children: list[_Child] = []
        self._lock = threading.Lock()
        _pools.add(self)

    def render(self, jobs: Sequence[Job]) -> list[Rendered | Unrenderable]:
        """An answer for each job, in order. Raises forks.ChildrenFail where no child can be had."""
        answers: list[Rendered | Unrenderable | None] = [None] * len(jobs)
        shares = min(self.size, len(jobs))
        with self._lock:
            work = [list(enumerate(jobs))[number::shares] for number in range(shares)]
            busy = [self._started(number, todo) for number, todo in enumerate(work)]
            tried: set[int] = set()
            while busy:
                busy = [one for one in busy if self._step(one, busy, answers, tried)]
        return [one if one is not None else Unrenderable("no answer") for one in answers]

    def close(self) -> None:
        """End the children; the pool can be used again."""
        with self._lock:
            while self._children:
                self._children.pop().pipe.close()
            self._server.close()

    def _started(self, number: int, todo: list[tuple[int, Job]]) -> _Child:
        while len(self._children) <= number:
            self._children.append(_Child(self._server))
        one = self._children[number]
        try:
            one.give(todo, self.seconds)
        except OSError:  # it died while it had nothing to do
            one.restart()
            one.give(todo, self.seconds)
        return one

    def _step(
        self, one: _Child, busy: list[_Child], answers: list[Rendered | Unrenderable | None], tried: set[int]
    ) -> bool:
        """Take what one child has to say; True while it has more to do."""
        if not one.todo:
            return False
        wait(
            [other.pipe for other in busy if not other.pipe.closed],
            timeout=max(0.0, min(o.deadline for o in busy) - time.monotonic()),
        )
        try:
            while one.todo and one.pipe.poll(0):
                said = msgspec.msgpack.decode(one.pipe.recv_bytes())
                place, _ = one.todo.pop(0)
                answers[place] = Rendered(**said["made"]) if "made" in said else Unrenderable(said["fault"])
                one.deadline = time.monotonic() + self.seconds
        except (EOFError, OSError):
            self._bury(one, "it takes too much time or memory", answers, tried, once_more=True)
        else:
            if one.todo and time.monotonic() >= one.deadline:
                self._bury(one, f"it takes longer than {self.seconds:g} seconds", answers, tried, once_more=False)
        return bool(one.todo)

    def _bury(
        self,
        one: _Child,
        fault: str,
        answers: list[Rendered | Unrenderable | None],
        tried: set[int],
        *,
        once_more: bool,
    ) -> None:
        """Replace a child that died or is stuck. What it was rendering gets a second try where somebody else may have
        killed it.
        """
        todo = one.todo
        place = todo[0][0]
        if not once_more or place in tried:
            answers[place] = Unrenderable(fault)
            todo = todo[1:]
        tried.add(place)
        one.todo = []
        one.restart()
        if todo:
            one.give(todo, self.seconds)


_pools: weakref.WeakSet[RenderPool] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for pool in list(_pools):
        pool.close()
