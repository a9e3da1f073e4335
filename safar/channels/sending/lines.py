"""The connections of one account: a thread each, one message in flight on each. They hand over and report; they
write nothing.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from safar.channels.provider import AccountRefused, Line, NotNow, Unanswered, Verdict
from safar.channels.sending.carriers import Carrier
from safar.channels.sending.work import Prepared
from safar.lib.failpoints import failpoint

log = logging.getLogger(__name__)

REGROW_SECONDS = 60.0  # after so long without a loss the lines that were given up are tried again
REACHED_SECONDS = 10.0  # a provider that answered so lately can be reached
IDLE_SECONDS = 20.0  # after so long without a message a connection is closed


@dataclass(frozen=True, slots=True)
class HandOver:
    """A message on its way: begun as ``attempt``. until: by the monotonic clock; later nothing is handed over, the
    lease may be over. begun_at: None where it goes nowhere.
    """

    prepared: Prepared
    attempt: int
    until: float
    begun_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. left: False where it is certain that nothing of it was handed over."""

    hand_over: HandOver
    verdict: Verdict | None
    left: bool = True

    @property
    def carrier(self) -> Carrier:
        return self.hand_over.prepared.carrier


class Lines:
    """A number of lines of one account. ``give`` only while ``idle`` is above 0. done: where all that came back is put; whoever
    takes it counts ``busy`` down.

    A provider that takes fewer connections than we have lines costs the line and not the message: one that cannot connect
    while others are at work, or were a moment ago, is given up for a while. Only the last one may say that the provider
    cannot be reached.
    """

    def __init__(
        self, number: int, open_line: Callable[[], Line], done: queue.SimpleQueue[Outcome], name: str = ""
    ) -> None:
        self.full, self.number, self.busy = number, 0, 0
        self._open, self._name = open_line, name
        self._working = 0  # lines with a message in their hands
        self._lock = threading.Lock()
        self._lost_at, self._reached_at = -math.inf, -math.inf
        self._todo: queue.SimpleQueue[HandOver | None] = queue.SimpleQueue()
        self._done = done
        self._threads: list[threading.Thread] = []
        for _ in range(number):
            self._add()

    def _add(self) -> None:
        with self._lock:
            self.number += 1
        thread = threading.Thread(target=self._run, name=f"safar {self._name} {self.number}", daemon=True)
        self._threads.append(thread)
        thread.start()

    @property
    def idle(self) -> int:
        return max(0, self.number - self.busy)

    def give(self, hand_over: HandOver) -> None:
        if self.number < self.full and time.monotonic() - self._lost_at > REGROW_SECONDS:
            for _ in range(self.full - self.number):
                self._add()
        self.busy += 1
        self._todo.put(hand_over)

    def close(self) -> None:
        """End the lines; call it when none is busy."""
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        line: Line | None = None
        while True:
            try:
                hand_over = self._todo.get(timeout=IDLE_SECONDS if line else None)
            except queue.Empty:
                if line:
                    line.close()
                line = None
                continue
            if hand_over is None:
                if line:
                    line.close()
                return
            with self._lock:
                self._working += 1
            outcome, line = self._carry(hand_over, line)
            with self._lock:
                self._working -= 1
                reached = time.monotonic() - self._reached_at < REACHED_SECONDS
                surplus = _unreachable(outcome) and self.number > 1 and (self._working > 0 or reached)
                if not _unreachable(outcome):
                    self._reached_at = time.monotonic()
                if surplus:
                    self.number -= 1
                    self._lost_at = time.monotonic()
            self._done.put(Outcome(hand_over, NotNow("one_line_fewer"), left=False) if surplus else outcome)
            if surplus:
                return

    def _carry(self, hand_over: HandOver, line: Line | None) -> tuple[Outcome, Line | None]:
        parcel = hand_over.prepared.parcel
        assert parcel is not None
        if time.monotonic() > hand_over.until:
            # We were stopped (SIGSTOP, a suspended machine) since it was begun; somebody else may have it by now.
            return Outcome(hand_over, NotNow("too_late"), left=False), line
        try:
            line = line or self._open()
        except ValueError as error:
            return Outcome(hand_over, AccountRefused("settings", str(error))), None
        failpoint("channels.before_hand_over")
        try:
            verdict = line.hand_over(parcel)
        except Exception as error:  # a fault of ours; what it left behind nobody knows
            log.exception("the hand-over of message %s failed", hand_over.prepared.ready.row.id)
            verdict = Unanswered("fault", f"{type(error).__name__}: {error}"[:500])
            line = None
        failpoint("channels.handed_over")
        return Outcome(hand_over, verdict), line


def _unreachable(outcome: Outcome) -> bool:
    return isinstance(outcome.verdict, AccountRefused) and outcome.verdict.reason == "unreachable"
