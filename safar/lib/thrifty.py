"""Readings that are kept for as long as they cost: for figures that many look at, again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
TIMES_COST = 20.0


class Thrifty(Generic[T]):
    """Keeps what was read for ``least`` seconds, and for twenty times what the reading took, ``most`` at most.

    So looking takes a twentieth of a core however many look. Of several who come at once to the same key, one reads.
    """

    def __init__(self, least: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._least, self._most, self._clock = least, most, clock
        self._kept: dict[Hashable, tuple[float, T]] = {}
        self._reading: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """What is kept for the key, or what ``read`` gives. Whatever ``read`` raises passes, and nothing is kept."""
        with self._lock:
            reading = self._reading.setdefault(key, Lock())
        with reading:
            began = self._clock()
            kept = self._kept.get(key)
            if kept is not None and began < kept[0]:
                return kept[1]
            found = read()
            ended = self._clock()
            keep = min(max(self._least, TIMES_COST * (ended - began)), self._most)
            with self._lock:
                self._kept[key] = (ended + keep, found)
                for old in [each for each, (until, _) in self._kept.items() if until < ended - self._most]:
                    del self._kept[old]
                    self._reading.pop(old, None)
            return found

    def forget(self, key: Hashable) -> None:
        """The next reading is a new one: for whoever has just changed what it reads."""
        with self._lock:
            self._kept.pop(key, None)
