"""Names that were looked up lately. A process's own; what it holds may be up to TTL seconds old.

An old answer is harmless: a contact's names move to another one only by a merge, and the engine forwards what still
comes for the merged contact.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from safar.contacts.names import ANONYMOUS, EMAIL, PHONE, USER

TTL = 30.0  # seconds
MAX_NAMES = 500_000  # about 100 MB

Learnt = list[tuple[int, int, str, int]]  # workspace, kind, value, contact


class NameCache:
    """Contact ids by workspace, kind and value. Emptied as a whole every TTL seconds: costs the hot path nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock() + TTL
        self._names: dict[int, dict[int, dict[str, int]]] = {}
        self._count = 0

    def of(self, workspace_id: int) -> dict[int, dict[str, int]]:
        """kind → value → contact id."""
        if self._clock() >= self._until or self._count >= MAX_NAMES:
            self.clear()
        return self._names.setdefault(workspace_id, {kind: {} for kind in (USER, ANONYMOUS, EMAIL, PHONE)})

    def learn(self, learnt: Learnt) -> None:
        """Take names in. Only what is committed: a name that was rolled back would lead nowhere."""
        for workspace_id, kind, value, contact_id in learnt:
            self.of(workspace_id)[kind][value] = contact_id
        self._count += len(learnt)

    def clear(self) -> None:
        self._names = {}
        self._count = 0
        self._until = self._clock() + TTL
