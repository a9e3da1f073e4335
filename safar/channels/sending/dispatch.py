"""The dispatcher: claims what is due, makes it ready, asks the gate, hands over, writes down what came of it.

It alone writes; providers return verdicts. One thread talks to the database; each line to a provider is a thread with
one message in flight. A round is one transaction: the answers gathered since the last round are written down, and as
many messages are begun as lines are idle. So under load a commit serves several messages, and no message is handed
over before its begin is durable.

Any number of dispatchers may run. Each may be killed at any line: what it had claimed comes back when the lease is
over, what it had begun is in doubt, and nothing else is touched.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import Connection

from safar.channels.pace.budget import open_purse
from safar.channels.pace.turns import take_turns
from safar.channels.provider import AccountRefused, NotNow, Provider, Refused, providers
from safar.channels.reports.reporting import await_reports
from safar.channels.sending.carriers import Carrier
from safar.channels.sending.exchange import Exchange
from safar.channels.sending.lines import HandOver, Outcome
from safar.channels.sending.rates import give_back
from safar.channels.sending.rounds import begin_afforded, carry_inside, unwritable, write_down
from safar.channels.sending.supply import Supply
from safar.channels.sending.work import Prepared
from safar.channels.services.circuits import next_probe
from safar.channels.settings import Sending
from safar.content.forks import ChildrenFail
from safar.content.pool import RenderPool
from safar.lib.failpoints import failpoint
from safar.outbox.claim import reconcile
from safar.outbox.resolve import next_moment, resolve
from safar.outbox.rows import CHANNEL, Key
from safar.postgres.connections import connect

log = logging.getLogger(__name__)

RUN_SECONDS = 5.0  # a run takes in nothing new after it, so that whoever watches sees that it lives
GRACE_SECONDS = 2.0  # what is ready and still waits for a line so long after a run's end is given back: the others are not to wait for it
RESOLVE_EVERY = 1.0  # seconds, while there is much to do
LONGEST_SLEEP = 5.0
PATIENCE = 0.25  # seconds of waiting for a line before the queues are looked at again
LINGER = 0.002  # seconds in which other lines may come back too: one commit for several answers
USABLE = 0.8  # of a lease; after it nothing is handed over any more, so that the answer comes within it

# Every statement here takes a few rows by their keys. The planner, whose figures about a queue are always old, is told so, and
# plans each statement once: planning begin and finish anew cost the backend more than carrying them out.
SESSION = {
    "synchronous_commit": "on",  # what is called `sending` is known after a crash
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}


class Dispatcher:
    """One dispatching process. ``clock`` gives the time where ``run_once`` is not told it; without it the database's
    clock counts.
    """

    def __init__(
        self,
        url: str,
        worker_id: str,
        *,
        sending: Sending,
        clock: Callable[[], datetime] | None = None,
        pool: RenderPool | None = None,
        kinds: Mapping[str, Provider] | None = None,
    ) -> None:
        self.url, self.worker_id, self.sending, self.clock = url, worker_id, sending, clock
        self.kinds = providers() if kinds is None else kinds
        self.pool = pool or RenderPool(sending.render_processes)
        self.supply = Supply(sending, self.pool, self.kinds)
        self.stopping = threading.Event()
        self.slept = threading.Event()  # set from the first time that nothing was to be done
        self._own_pool = pool is None
        self._now: datetime | None = None
        self._conn: Connection[Any] | None = None
        self.exchange = Exchange(sending, self.kinds)
        self._unwritten: list[Outcome] = []  # answers whose transaction failed
        self._flying: set[Key] = set()  # handed over, not written down yet
        self._resolved = -math.inf
        self._unfinished = False

    def run_once(self, now: datetime | None = None) -> int:
        """Do what is due. Returns how many messages were settled: sent, skipped, failed, put off or put in doubt.

        now: a hand-moved clock, and all that is due at it; None is the present, and a few seconds of work. Raises
        psycopg.OperationalError when the database is lost; what was in flight then is kept, and written down by the
        next call. Raises ChildrenFail where nothing can be rendered on this machine.
        """
        self._now = now or (self.clock() if self.clock else None)
        conn = self._connection()
        self.supply.begin_run()
        self._resolved = -math.inf
        settled, more = 0, True
        until = time.monotonic() + RUN_SECONDS if self._now is None else math.inf
        self._unfinished = False
        while True:
            self._look_after_time(conn)
            if self.stopping.is_set():
                more = False
                self.supply.give_back(conn)
            elif more and time.monotonic() >= until:
                more, self._unfinished = False, True
            elif more and self.supply.has_room(self._room):
                more = self.supply.fetch(conn, self._now)
            elif not more and time.monotonic() >= until + GRACE_SECONDS:
                self.supply.give_back(conn)
            outcomes = self._gather(more)
            settled += self._round(conn, outcomes)
            if any(not one.left for one in outcomes):  # given back, and so to be claimed again
                self.supply.begin_run()
                more = True
            if not more and not self.supply:
                if not self._flying:
                    return settled
                if not outcomes and self._now is None and not self.stopping.is_set():
                    self._unfinished = True  # a slow server keeps its own messages waiting, and no others
                    return settled

    def run_forever(self, stop: threading.Event | None = None) -> None:
        """Work until ``stop`` (or ``stopping``) is set, then bring in what is in flight. Survives the loss of the
        database.
        """
        self.stopping = stop or self.stopping
        pause = 0.1
        while not self.stopping.is_set():
            try:
                self.run_once()
                if not self._unfinished:
                    self._sleep()
                pause = 0.1
            except (psycopg.OperationalError, ChildrenFail) as error:
                log.warning("dispatcher %s: it cannot go on for now (%s)", self.worker_id, str(error).strip())
                self._disconnect()
                self.stopping.wait(pause)
                pause = min(pause * 2, LONGEST_SLEEP)
        self.close()

    def close(self) -> None:
        """Bring in what is in flight, give back what is not begun, end lines and children."""
        self.stopping.set()
        try:
            if self._flying or self.supply:
                self.run_once(self._now)
        except psycopg.OperationalError:
            log.exception("dispatcher %s: answers could not be written down; they will be in doubt", self.worker_id)
        self.exchange.close()
        if self._own_pool:
            self.pool.close()
        self._disconnect()

    def _look_after_time(self, conn: Connection[Any]) -> None:
        if time.monotonic() - self._resolved < RESOLVE_EVERY:
            return
        with conn.transaction():
            resolve(conn, now=self._now, doubt_for=self.sending.doubt_for)
        self.exchange.tend()
        self._resolved = time.monotonic()

    def _sleep(self) -> None:
        """Until the engine says that something is due, or the next moment known, or a few seconds."""
        conn = self._connection()
        now = datetime.now(UTC)
        moments = [
            moment for moment in (next_moment(conn), next_probe(conn), self.supply.wake_at) if moment is not None
        ]
        self.slept.set()
        until = time.monotonic() + min([LONGEST_SLEEP, *((moment - now).total_seconds() for moment in moments)])
        while not self.stopping.is_set() and (left := until - time.monotonic()) > 0:
            for _ in conn.notifies(timeout=min(left, 0.5), stop_after=1):
                return

    def _gather(self, more: bool) -> list[Outcome]:
        """What the lines have done; waits for one where there is nothing else to do."""
        could_begin = any(some and self._room(carrier) for carrier, some in self.supply.ready.items())
        could_fetch = more and self.supply.has_room(self._room)
        wait = self.exchange.busy and not could_begin and not could_fetch
        return self.exchange.gather(PATIENCE if wait else 0, LINGER)

    def _round(self, conn: Connection[Any], outcomes: Sequence[Outcome]) -> int:
        """One transaction: answers down, next ones begun. Then hand over. Returns how many messages were settled."""
        self._unwritten += outcomes
        refused = {one.carrier for one in self._unwritten if isinstance(one.verdict, AccountRefused)}
        chosen = {
            carrier: [some.popleft() for _ in range(min(len(some), self._room(carrier)))]
            for carrier, some in self.supply.ready.items()
            if some and carrier not in refused  # its circuit opens in this round; what is ready goes back
        }
        if not self._unwritten and not any(chosen.values()):
            return 0
        begun_at = time.monotonic()  # before the database's clock is read: the lease is not over sooner than we think
        now = self._now or datetime.now(UTC)
        try:
            settled, go = self._transaction(conn, self._unwritten, chosen, now)
        except psycopg.OperationalError:
            raise
        except psycopg.Error:
            log.exception("dispatcher %s: a round was refused; its messages are tried one by one", self.worker_id)
            settled, go = self._one_by_one(conn, chosen, now)
        self._flying -= {one.hand_over.prepared.ready.row.key for one in self._unwritten}
        self._unwritten = []
        failpoint("outbox.after_sending_commit" if go else "outbox.after_finish_commit")
        until = begun_at + self.sending.sending_lease.total_seconds() * USABLE
        for one, attempt in go:
            self._flying.add(one.ready.row.key)
            self.exchange.give(one.carrier, HandOver(one, attempt, until, now))
        return settled

    def _transaction(
        self,
        conn: Connection[Any],
        outcomes: Sequence[Outcome],
        chosen: Mapping[Carrier, Sequence[Prepared]],
        now: datetime,
    ) -> tuple[int, list[tuple[Prepared, int]]]:
        settled = len(outcomes)
        go: list[tuple[Prepared, int]] = []
        beginning = [one.ready for some in chosen.values() for one in some]
        ending = [(one.hand_over.prepared.ready, one.hand_over.begun_at or now) for one in outcomes]
        with conn.transaction():
            take_turns(conn, [ready.row for ready in beginning])
            purse = open_purse(conn, [*ending, *((ready, now) for ready in beginning)], now)
            opened = write_down(conn, outcomes, sending=self.sending, now=now, clock=self._now)
            for outcome, (ready, begun_at) in zip(outcomes, ending, strict=True):
                if not outcome.left or isinstance(outcome.verdict, NotNow | Refused | AccountRefused):
                    purse.give(ready, begun_at)
            await_reports(conn, outcomes, kinds=self.kinds, now=now)
            for carrier, some in chosen.items():
                if not some:
                    continue
                if self.kinds[carrier.provider].inside:
                    line = self.kinds[carrier.provider].open(self.sending)
                    settled += carry_inside(conn, some, line, sending=self.sending, clock=self._now)
                    continue
                begun = begin_afforded(conn, some, purse, sending=self.sending, now=now, clock=self._now)
                settled += begun.ended
                go += begun.go
                for (workspace_id, channel), n in begun.unused.items():
                    give_back(conn, workspace_id=workspace_id, channel=channel, n=n)
            purse.write(conn, now)
        for account, workspace_id in opened:
            self.supply.give_back(conn, account, workspace_id)
        return settled, go

    def _one_by_one(
        self, conn: Connection[Any], chosen: Mapping[Carrier, Sequence[Prepared]], now: datetime
    ) -> tuple[int, list[tuple[Prepared, int]]]:
        """A round again in small: what the database refuses costs its own message and no other."""
        settled = 0
        go: list[tuple[Prepared, int]] = []
        for outcome in self._unwritten:
            settled += self._transaction(conn, [outcome], {}, now)[0]
        for carrier, some in chosen.items():
            for one in some:
                try:
                    done = self._transaction(conn, [], {carrier: [one]}, now)
                except psycopg.OperationalError:
                    raise
                except psycopg.Error as error:
                    done = self._transaction(conn, [], {carrier: [unwritable(one, error)]}, now)
                settled, go = settled + done[0], go + done[1]
        return settled, go

    def _room(self, carrier: Carrier) -> int:
        return self.sending.batch if self.kinds[carrier.provider].inside else self.exchange.idle(carrier)

    def _connection(self) -> Connection[Any]:
        if self._conn is None or self._conn.closed:
            self._conn = connect(
                self.url,
                application_name=f"safar dispatcher {self.worker_id}",
                idle_in_transaction_timeout=10,
                settings=SESSION,
            )
            self._conn.execute(f"LISTEN {CHANNEL}")
            reconcile(self._conn, token=self.supply.token, kept=[*self.supply.keys(), *self._flying])
        return self._conn

    def _disconnect(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None
