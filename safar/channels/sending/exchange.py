"""The lines of every account in use, and one place where all that they did comes back."""

from __future__ import annotations

import queue
import time
from collections.abc import Mapping

from safar.channels.provider import Provider
from safar.channels.sending.carriers import Carrier
from safar.channels.sending.lines import HandOver, Lines, Outcome
from safar.channels.settings import Sending

OWN_LINES = (
    4  # of a workspace's own account, or to an address it calls, at most: a hundred workspaces are a hundred accounts
)
UNUSED_SECONDS = 60.0  # after so long the lines of a workspace's account are ended


class Exchange:
    """Lines are made when a carrier is first used. A slow account keeps its own lines waiting and nobody else's: whoever waits,
    waits for whichever line is first.
    """

    def __init__(self, sending: Sending, kinds: Mapping[str, Provider]) -> None:
        self.sending, self.kinds = sending, kinds
        self.lines: dict[Carrier, Lines] = {}
        self._used_at: dict[Carrier, float] = {}
        self._done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()

    @property
    def busy(self) -> int:
        """Messages in flight."""
        return sum(one.busy for one in self.lines.values())

    def idle(self, carrier: Carrier) -> int:
        """How many messages it may be given now."""
        return self._of(carrier).idle

    def give(self, carrier: Carrier, hand_over: HandOver) -> None:
        self._used_at[carrier] = time.monotonic()
        self._of(carrier).give(hand_over)

    def gather(self, seconds: float, linger: float = 0.0) -> list[Outcome]:
        """What came back: waits up to ``seconds`` for the first, and then ``linger`` for those that are about to."""
        found: list[Outcome] = []
        try:
            self._take(self._done.get(timeout=seconds) if seconds else self._done.get_nowait(), found)
            until = time.monotonic() + linger
            while self.busy:
                self._take(self._done.get(timeout=max(0.0, until - time.monotonic())), found)
        except queue.Empty:
            pass
        return found

    def tend(self) -> None:
        """End the lines of workspaces' accounts that were not used for a while: what they are opened with may be another by now."""
        late = time.monotonic() - UNUSED_SECONDS
        for carrier in [one for one, at in self._used_at.items() if one.apart and at < late]:
            if not self.lines[carrier].busy:
                self.lines.pop(carrier).close()
                del self._used_at[carrier]

    def close(self) -> None:
        """End them all; call it when none is busy."""
        for lines in self.lines.values():
            lines.close()
        self.lines.clear()
        self._used_at.clear()

    def _take(self, outcome: Outcome, found: list[Outcome]) -> None:
        self.lines[outcome.carrier].busy -= 1
        found.append(outcome)

    def _of(self, carrier: Carrier) -> Lines:
        if carrier not in self.lines:
            kind, sending = self.kinds[carrier.provider], self.sending
            number = min(OWN_LINES, sending.lines) if carrier.apart else sending.lines
            self.lines[carrier] = Lines(number, lambda: carrier.open(kind, sending), self._done, carrier.account)
            self._used_at[carrier] = time.monotonic()
        return self.lines[carrier]
