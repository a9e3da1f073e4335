"""What a dispatcher has ready: it claims from one queue after the other, within circuits and rates, and makes the
rows ready.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from psycopg import Connection

from safar.channels.notices.kind import number_of
from safar.channels.notices.reading import read_carrier
from safar.channels.pace.budget import keep_for_tomorrow
from safar.channels.provider import MAILBOX, AccountRefused, Provider
from safar.channels.sending.carriers import KEPT, Carrier, for_queue, read_carriers
from safar.channels.sending.prepare import prepare
from safar.channels.sending.rates import give_back, take
from safar.channels.sending.work import Prepared
from safar.channels.services.circuits import may_send, open_circuit
from safar.channels.settings import Sending
from safar.channels.tracking.links import KnownLinks
from safar.content.forks import ChildrenFail
from safar.content.pool import RenderPool
from safar.outbox.claim import Queue, claim, read_queues, release
from safar.outbox.rows import Claimed, Key

LOOK_BACK = timedelta(minutes=2)  # how far before the first due row a bounded claim looks
WHOLE_LOOK_EVERY = 10.0  # seconds between claims that look at everything: who is decided in a catch-up is due long ago
WAIT = timedelta(seconds=5)
CROWDED_SECONDS = (
    0.25  # where all that is due belongs to accounts that have enough ready, how long it is not looked for again
)

_UNSAFE = AccountRefused("settings", "SAFAR_PUBLIC_URL has to begin with https:// for marketing e-mail (RFC 8058)")


class Supply:
    """Rows that are ours and ready, by what they go. Queues are served in turn, so that a large one does not starve the
    others, and an account that is slow has a batch ready at most and leaves the room to the others.
    """

    def __init__(self, sending: Sending, pool: RenderPool, kinds: Mapping[str, Provider]) -> None:
        self.sending, self.pool, self.kinds = sending, pool, kinds
        self.token = str(uuid4())  # all that this dispatcher claims is claimed under it
        self.ready: dict[Carrier, deque[Prepared]] = {}
        self.known = KnownLinks()
        self.wake_at: datetime | None = None  # when something is due that was not yet
        self._blocked: dict[tuple[int, str], datetime] = {}  # queue → when it may be looked at again
        self._turn = 0
        self._low: datetime | None = None
        self._looked = -math.inf
        self._crowded_until = -math.inf

    def __len__(self) -> int:
        return sum(map(len, self.ready.values()))

    def keys(self) -> list[Key]:
        """Of all that is ready."""
        return [one.ready.row.key for some in self.ready.values() for one in some]

    def has_room(self, idle: Callable[[Carrier], int]) -> bool:
        """Whether to fetch more. idle: how many lines of a carrier have nothing to do; rows of one that has none are in nobody's way."""
        if len(self) < self.sending.batch:
            return True
        if time.monotonic() < self._crowded_until:
            return False
        stuck = sum(len(some) for carrier, some in self.ready.items() if some and not idle(carrier))
        return len(self) - stuck < self.sending.batch

    def begin_run(self) -> None:
        """Forget what was found before: look at every queue, and at all of it."""
        self._blocked.clear()
        self._looked = -math.inf
        self.ready = {carrier: some for carrier, some in self.ready.items() if some}

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
        crowded = False
        for step in range(len(due)):
            queue = due[(self._turn + step) % len(due)]
            carriers = read_carriers(conn, queue.workspace_id, kinds=self.kinds, sending=self.sending)
            carriers = for_queue(carriers, queue)
            if number_of(queue.channel) is not None:
                own, waits = read_carrier(conn, queue.workspace_id, queue.channel)
                if waits:
                    self._blocked[queue.workspace_id, queue.channel] = present + WAIT
                    continue
                carriers = {**carriers, queue.kind: own} if own else carriers
            carrier = self._carrier_of(queue, carriers)
            if len(self.ready.get(carrier, ())) >= self.sending.batch:
                crowded = True
                continue
            rows = self._claim(conn, queue, carrier, now, present, low)
            if rows:
                self._turn += step + 1
                if queue.channel == "sms" and not self.kinds[carrier.provider].inside:
                    kept = keep_for_tomorrow(conn, rows, present)
                    give_back(conn, workspace_id=queue.workspace_id, channel=queue.kind, n=len(rows) - len(kept))
                    rows = kept
                if rows:
                    self._make_ready(conn, rows, carriers, present)
                return True
        if crowded:
            self._crowded_until = time.monotonic() + CROWDED_SECONDS
        return crowded

    def give_back(self, conn: Connection[Any], account: str | None = None, workspace_id: int = 0) -> None:
        """Ready rows back to pending: all, or those of an account (and workspace) whose circuit opened."""
        for name, some in self.ready.items():
            if account in (None, name.account):
                back = [one for one in some if workspace_id in (0, one.ready.row.workspace_id)]
                self.ready[name] = deque(one for one in some if workspace_id not in (0, one.ready.row.workspace_id))
                release(conn, [one.ready.row for one in back])

    def _claim(
        self,
        conn: Connection[Any],
        queue: Queue,
        carrier: Carrier,
        now: datetime | None,
        present: datetime,
        low: datetime | None,
    ) -> list[Claimed]:
        name = (queue.workspace_id, queue.channel)
        n = self.sending.batch
        limited = not self.kinds[carrier.provider].inside
        with conn.transaction():
            if limited:
                circuit = may_send(conn, provider=carrier.account, workspace_id=queue.workspace_id, now=present)
                n = n if circuit.limit is None else min(n, circuit.limit)
                if n == 0:
                    self._blocked[name] = circuit.next_at or present + WAIT
                    return []
                grant = take(conn, workspace_id=queue.workspace_id, channel=queue.kind, n=n, now=now)
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
                give_back(conn, workspace_id=queue.workspace_id, channel=queue.kind, n=n - len(rows))
        if not rows:
            self._blocked[name] = present + WAIT  # others have what is due; when they give it back we shall see
        return rows

    def _carrier_of(self, queue: Queue, carriers: Mapping[str, Carrier]) -> Carrier:
        """By what the queue's messages go as a rule; in the mode team some stay in the mailbox."""
        return KEPT if self.sending.mode_for(queue.send_mode) == MAILBOX else carriers.get(queue.kind, KEPT)

    def _make_ready(
        self, conn: Connection[Any], rows: Sequence[Claimed], carriers: Mapping[str, Carrier], present: datetime
    ) -> None:
        try:
            prepared = prepare(
                conn, rows, sending=self.sending, pool=self.pool, now=present, outside=carriers, known=self.known
            )
        except ChildrenFail:
            release(conn, rows)
            raise
        for one in prepared:
            carrier, row = one.carrier, one.ready.row
            unsafe = one.ready.klass == "marketing" and row.channel == "email" and not self.sending.secure
            refused = one.refused or (_UNSAFE if unsafe else None)
            if refused and not self.kinds[carrier.provider].inside:
                with conn.transaction():
                    open_circuit(
                        conn,
                        provider=carrier.account,
                        workspace_id=row.workspace_id,
                        refused=refused,
                        now=present,
                        own=carrier.own_channel,
                    )
                    release(conn, [row])
            else:
                self.ready.setdefault(carrier, deque()).append(one)
