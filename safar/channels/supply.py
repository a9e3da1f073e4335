"""What a dispatcher has ready: it claims from one queue after the other, within circuits and rates, and makes the
rows ready.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from psycopg import Connection

from safar.channels.circuits import may_send, open_circuit
from safar.channels.prepare import Prepared, prepare
from safar.channels.provider import MAILBOX, AccountRefused, Provider, outside
from safar.channels.rates import give_back, take
from safar.channels.settings import Sending
from safar.content.forks import ChildrenFail
from safar.content.pool import RenderPool
from safar.outbox.claim import Queue, claim, read_queues, release
from safar.outbox.rows import Claimed, Key

LOOK_BACK = timedelta(minutes=2)  # how far before the first due row a bounded claim looks
WHOLE_LOOK_EVERY = 10.0  # seconds between claims that look at everything: who is decided in a catch-up is due long ago
WAIT = timedelta(seconds=5)

_UNSAFE = AccountRefused("settings", "SAFAR_PUBLIC_URL has to begin with https:// for marketing e-mail (RFC 8058)")


class Supply:
    """Rows that are ours and ready, by provider. Queues are served in turn, so that a large one does not starve the
    others.
    """

    def __init__(self, sending: Sending, pool: RenderPool, kinds: Mapping[str, Provider]) -> None:
        self.sending, self.pool, self.kinds = sending, pool, kinds
        self.outside = outside(kinds)
        self.token = str(uuid4())  # all that this dispatcher claims is claimed under it
        self.ready: dict[str, deque[Prepared]] = {}
        self.wake_at: datetime | None = None  # when something is due that was not yet
        self._blocked: dict[tuple[int, str], datetime] = {}  # queue → when it may be looked at again
        self._turn = 0
        self._low: datetime | None = None
        self._looked = -math.inf

    def __len__(self) -> int:
        return sum(map(len, self.ready.values()))

    def keys(self) -> list[Key]:
        """Of all that is ready."""
        return [one.ready.row.key for some in self.ready.values() for one in some]

    def begin_run(self) -> None:
        """Forget what was found before: look at every queue, and at all of it."""
        self._blocked.clear()
        self._looked = -math.inf

    def fetch(self, conn: Connection[Any], now: datetime | None) -> bool:
        """Claim from the next queue that may send. False where no queue has anything for us at present."""
        present = now or datetime.now(UTC)
        whole = time.monotonic() - self._looked >= WHOLE_LOOK_EVERY
        queues = read_queues(conn, low=None if whole else self._low)
        if whole:
            self._looked = time.monotonic()
        low = None if whole else self._low
        self._low = min([present - LOOK_BACK, *(one.due_at for one in queues)])
        open_ones = [one for one in queues if not one.stopped]
        due = [
            one for one in open_ones if one.due_at <= present and (one.workspace_id, one.channel) not in self._blocked
        ]
        self.wake_at = min(
            [*(one.due_at for one in open_ones if one.due_at > present), *self._blocked.values()], default=None
        )
        for step in range(len(due)):
            queue = due[(self._turn + step) % len(due)]
            rows = self._claim(conn, queue, now, present, low)
            if rows:
                self._turn += step + 1
                self._make_ready(conn, rows, present)
                return True
        return False

    def give_back(self, conn: Connection[Any], provider: str | None = None, workspace_id: int = 0) -> None:
        """Ready rows back to pending: all, or those of a provider (and workspace) whose circuit opened."""
        for name, some in self.ready.items():
            if provider in (None, name):
                back = [one for one in some if workspace_id in (0, one.ready.row.workspace_id)]
                self.ready[name] = deque(one for one in some if workspace_id not in (0, one.ready.row.workspace_id))
                release(conn, [one.ready.row for one in back])

    def _claim(
        self, conn: Connection[Any], queue: Queue, now: datetime | None, present: datetime, low: datetime | None
    ) -> list[Claimed]:
        name = (queue.workspace_id, queue.channel)
        n = self.sending.batch
        provider = self._provider_of(queue)
        limited = not self.kinds[provider].inside
        with conn.transaction():
            if limited:
                circuit = may_send(conn, provider=provider, workspace_id=queue.workspace_id, now=present)
                n = n if circuit.limit is None else min(n, circuit.limit)
                if n == 0:
                    self._blocked[name] = circuit.next_at or present + WAIT
                    return []
                grant = take(conn, workspace_id=queue.workspace_id, channel=queue.channel, n=n, now=now)
                n = grant.n
                if n == 0:
                    self._blocked[name] = grant.next_at or present + WAIT
                    return []
            rows = claim(
                conn,
                workspace_id=queue.workspace_id,
                channel=queue.channel,
                n=n,
                token=self.token,
                now=now,
                low=low,
                lease=self.sending.claim_lease,
            )
            if limited:
                give_back(conn, workspace_id=queue.workspace_id, channel=queue.channel, n=n - len(rows))
        if not rows:
            self._blocked[name] = present + WAIT  # others have what is due; when they give it back we shall see
        return rows

    def _provider_of(self, queue: Queue) -> str:
        """Where the queue's messages go as a rule; in the mode team some stay in the mailbox."""
        return (
            MAILBOX if self.sending.mode_for(queue.send_mode) == MAILBOX else self.outside.get(queue.channel, MAILBOX)
        )

    def _make_ready(self, conn: Connection[Any], rows: Sequence[Claimed], present: datetime) -> None:
        try:
            prepared = prepare(conn, rows, sending=self.sending, pool=self.pool, now=present, outside=self.outside)
        except ChildrenFail:
            release(conn, rows)
            raise
        for one in prepared:
            provider = one.ready.provider
            if one.ready.klass == "marketing" and not self.kinds[provider].inside and not self.sending.secure:
                with conn.transaction():
                    open_circuit(
                        conn, provider=provider, workspace_id=one.ready.row.workspace_id, refused=_UNSAFE, now=present
                    )
                    release(conn, [one.ready.row])
            else:
                self.ready.setdefault(provider, deque()).append(one)
