"""The process that keeps the others: starts them, starts dead ones again with growing pauses, stops them in good order.

It sleeps until a signal comes, a restart is due, or the database's session breaks; nothing is polled.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from safar.workers.child import Child, child_environment, describe_death
from safar.workers.kept import KeptDatabase

log = logging.getLogger(__name__)

DRAIN_SECONDS = 10.0
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
LONGEST_SLEEP = 60.0


class Supervisor:
    """Runs children on a database that was found, until a signal says stop. say: shows a line at the terminal."""

    def __init__(
        self,
        children: Sequence[Child],
        database: KeptDatabase,
        *,
        say: Callable[[str], None],
        drain_seconds: float = DRAIN_SECONDS,
    ) -> None:
        self.children = list(children)
        self._database = database
        self._say = say
        self._drain_seconds = drain_seconds
        self._stopping = False

    def run(self) -> None:
        """Start everything, stay until told to stop, and leave no child running, whatever happens."""
        held, given = os.pipe()  # `given` stays open exactly as long as we live; see `parent`
        with selectors.DefaultSelector() as selector, _woken_by_signals(self._ask_to_stop) as woken:
            selector.register(woken, selectors.EVENT_READ)
            try:
                while not self._stopping:
                    self._start_due(held)
                    broken = self._sleep(selector)
                    _drain(woken)
                    self._look_after(broken)
            finally:
                self._stop_all()
                os.close(held)
                os.close(given)

    def _ask_to_stop(self, number: int, _frame: FrameType | None) -> None:
        if number in STOPPING:
            self._stopping = True

    def _sleep(self, selector: selectors.BaseSelector) -> bool:
        """Sleep until there is something to look at. True when the database's session spoke unasked: it broke."""
        now = time.monotonic()
        moments = [child.due_at for child in self.children if child.process is None and not child.done]
        if (moment := self._database.sleep_until()) is not None:
            moments.append(moment)
        seconds = max(0.0, min([LONGEST_SLEEP, *(at - now for at in moments)]))
        session = self._database.session
        if session is None or session.closed:
            selector.select(seconds)
            return False
        key = selector.register(session.fileno(), selectors.EVENT_READ)
        try:
            return any(ready is key for ready, _ in selector.select(seconds))
        finally:
            selector.unregister(key.fd)

    def _start_due(self, pipe: int) -> None:
        now = time.monotonic()
        for child in self.children:
            if not self._stopping and child.wants_start(now):
                child.start(child_environment(self._database.url), pipe, now)

    def _look_after(self, broken: bool) -> None:
        now = time.monotonic()
        moved = not self._stopping and self._database.look(now, broken=broken)
        for child in self.children:
            code = child.look(now)
            if code is not None and not self._stopping and not child.once:
                self._say(f"{child.name} {describe_death(code)}; it starts again in {child.due_at - now:.1f} s")
            elif code and not self._stopping:
                self._say(f"{child.name} {describe_death(code)}; begin it again by hand: safar {child.words[0]}")
            elif moved:
                child.tell(signal.SIGTERM)  # it knows the old address only

    def _stop_all(self) -> None:
        """SIGTERM to all, up to the drain time for them to finish what they hold, then SIGKILL."""
        running = [(child, child.process) for child in self.children if child.process is not None]
        for child, _ in running:
            child.tell(signal.SIGTERM)
        deadline = time.monotonic() + self._drain_seconds
        for child, process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("%s did not end within %g seconds: killing it", child.name, self._drain_seconds)
                process.kill()
                process.wait()


@contextmanager
def _woken_by_signals(ask: Callable[[int, FrameType | None], None]) -> Iterator[socket.socket]:
    """Signals (a dead child's among them) make the socket readable, so that one wait covers everything."""
    woken, waking = socket.socketpair()
    woken.setblocking(False)
    waking.setblocking(False)
    # Who began us under nohup wants us to outlive the terminal: what is ignored stays ignored.
    heard = [number for number in (*STOPPING, signal.SIGCHLD) if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heard}
    old = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
    try:
        yield woken
    finally:
        signal.set_wakeup_fd(old)
        for number, handler in before.items():
            signal.signal(number, handler)
        woken.close()
        waking.close()


def _drain(woken: socket.socket) -> None:
    with suppress(BlockingIOError):
        while woken.recv(4096):
            pass
