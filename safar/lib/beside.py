"""Readings that are too dear for a request: made beside it, by a thread, and shown when they are there.

``lib.thrifty`` lets whoever comes first wait for what was read. Here nobody waits longer than ``patience``: whoever
looks gets what was read by then, or what is kept, however old; one thread a key reads it anew, a twentieth of the time at most.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from safar.lib.thrifty import TIMES_COST

T = TypeVar("T")
log = logging.getLogger(__name__)
FORGET = 3600.0  # seconds that what nobody looks at is kept


def in_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="beside", daemon=True).start()


class Beside(Generic[T]):
    """Keeps what was read for ``least`` seconds and for twenty times what the reading took, ``most`` at most; then it is read anew.

    patience: seconds that whoever begins a reading waits for it: what is cheap is then always new. start: how a reading is begun (a test
    reads at once).
    """

    def __init__(
        self,
        least: float,
        most: float,
        patience: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        start: Callable[[Callable[[], None]], None] = in_a_thread,
    ) -> None:
        self._least, self._most, self._patience, self._clock, self.start = least, most, patience, clock, start
        self._kept: dict[Hashable, T] = {}
        self._due: dict[Hashable, float] = {}
        self._seen: dict[Hashable, float] = {}
        self._reading: set[Hashable] = set()
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], T]) -> T | None:
        """What is kept for the key, None before the first reading is over. ``read`` may be called in another thread."""
        with self._lock:
            now = self._clock()
            self._seen[key] = now
            begins = key not in self._reading and now >= self._due.get(key, now)
            if begins:
                self._reading.add(key)
                self._drop(now)
        if begins:
            over = threading.Event()
            self.start(lambda: self._read(key, read, over))
            over.wait(self._patience)
        with self._lock:
            return self._kept.get(key)

    def forget(self, key: Hashable) -> None:
        """What is kept is shown on, and read anew by whoever looks next."""
        with self._lock:
            self._due.pop(key, None)

    def _read(self, key: Hashable, read: Callable[[], T], over: threading.Event) -> None:
        began = self._clock()
        try:
            found = read()
        except Exception:  # whoever looks sees what was kept before; the log says why it grows old
            log.exception("figures beside the request could not be read: %s", key)
            found = None
        with self._lock:
            ended = self._clock()
            if found is not None:
                self._kept[key] = found
            self._due[key] = ended + min(max(self._least, TIMES_COST * (ended - began)), self._most)
            self._reading.discard(key)
        over.set()

    def _drop(self, now: float) -> None:
        for old in [key for key, seen in self._seen.items() if seen < now - FORGET and key not in self._reading]:
            for kept in (self._kept, self._due, self._seen):
                kept.pop(old, None)
