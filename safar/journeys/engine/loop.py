"""An engine: takes whichever lane has work, one transaction a tick, and sleeps until there is more. It keeps no state."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg

from safar.journeys.engine.load import load_plan, read_serial
from safar.journeys.engine.plan import Plan
from safar.journeys.engine.poison import isolate
from safar.journeys.engine.publishing import spread_lane
from safar.journeys.engine.session import Session
from safar.journeys.engine.steps import Outcome
from safar.journeys.engine.tick import Limits, Tick
from safar.lib.failpoints import failpoint
from safar.postgres.connections import connect

log = logging.getLogger(__name__)

_NEXT = "SELECT min(t.slot) FROM lane l CROSS JOIN LATERAL (SELECT slot FROM timer WHERE lane = l.id ORDER BY lane, slot LIMIT 1) t"
_LONGEST = 10.0  # seconds: a notice that got lost costs no more than this
_WHOLE_LOOK = timedelta(seconds=10)  # how often the inbox is looked at from its beginning, not from the low-water marks
# faults of the data in hand, which halving finds; a lost connection, a deadlock or a full disk is nobody's fault among the contacts
_POISON = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.InternalError,
    psycopg.ProgrammingError,
    psycopg.NotSupportedError,
)


class Engine:
    """One engine process, or one in a test with a hand-moved clock (``now`` gives the time; None: the database's)."""

    def __init__(self, url: str, *, now: Callable[[], datetime] | None = None, limits: Limits | None = None) -> None:
        self.url, self.now, self.limits = url, now, limits or Limits()
        self.plan: Plan | None = None
        self._serial = ""
        self._looked: datetime | None = None
        self._session: Session | None = None

    def run_forever(self, stop: threading.Event) -> None:
        """Until ``stop`` is set. A lost database is waited for."""
        while not stop.is_set():
            try:
                if not self.run_once():
                    self._sleep(stop)
            except psycopg.OperationalError as error:
                log.warning("the database is away: %s", str(error).strip().splitlines()[0])
                self.close()
                stop.wait(1)
        self.close()

    def run_once(self) -> bool:
        """One tick for every lane that has work and that no other engine holds; True where something was done."""
        session, now = self.session(), self._now()
        whole = self._looked is None or not timedelta(0) <= now - self._looked < _WHOLE_LOOK
        if whole:
            self._looked = now
        done = False
        for lane, owes in session.file("busy", now=now, whole=whole):
            done |= bool(owes and spread_lane(session, lane))
            done |= self.tick(lane, whole=whole)
        return done

    def tick(self, lane: int, *, whole: bool = True) -> bool:
        """One tick of one lane; False where another engine holds it or there was nothing to do.

        whole: the inbox from its beginning. Else from the lane's low-water mark, which keeps a claim off what was claimed before: dead
        rows stay in the index as long as any snapshot is older (a dump, a report).
        """
        session = self.session()
        try:
            with session.connection.transaction():
                outcome = self._tick(session, lane, whole)
        except _POISON as error:
            if session.connection.closed:  # such as by a server that waited too long for us (idle in a transaction)
                raise psycopg.OperationalError(str(error)) from error
            log.exception("lane %s, %s", lane, session.doing)
            return isolate(session, self._plan(session), lane, self._now(), session.doing, error)
        failpoint("engine.after_commit")
        return outcome is not None and bool(outcome.events or outcome.subjects)

    def session(self) -> Session:
        if self._session is None or self._session.connection.closed:
            connection = connect(
                self.url, autocommit=True, application_name="safar engine", idle_in_transaction_timeout=10
            )
            connection.execute("LISTEN safar_inbox")
            self._session, self._serial = Session(connection), ""
        return self._session

    def close(self) -> None:
        if self._session is not None:
            self._session.connection.close()
            self._session = None

    def _tick(self, session: Session, lane: int, whole: bool) -> Outcome | None:
        row = session.connection.execute(
            "SELECT clock, inbox_low FROM lane WHERE id = %s FOR UPDATE SKIP LOCKED", (lane,)
        ).fetchone()
        if row is None:
            return None
        plan = self._plan(session)
        failpoint("engine.claim")
        outcome = Tick(session, plan, self.limits).run(lane, row[0], self._now(), low=0 if whole else row[1])
        if outcome.outbox:
            session.connection.execute("SELECT pg_notify('safar_outbox', '')")
        failpoint("engine.before_commit")
        return outcome

    def _plan(self, session: Session) -> Plan:
        serial = read_serial(session.connection)
        if self.plan is None or serial != self._serial:
            self.plan, self._serial = load_plan(session.connection), serial
            session.settle(self.plan)
        return self.plan

    def _now(self) -> datetime:
        if self.now is not None:
            return self.now()
        row = self.session().connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return row[0]  # type: ignore[no-any-return]

    def _sleep(self, stop: threading.Event) -> None:
        connection = self.session().connection
        row = connection.execute(_NEXT).fetchone()
        wait = _LONGEST
        if row is not None and row[0] is not None:
            wait = min(wait, max(0.0, (row[0] - self._now()).total_seconds()))
        # a second at a time, so that a stop is heard; no statement meanwhile
        while wait > 0 and not stop.is_set():
            if any(True for _ in connection.notifies(timeout=min(wait, 1.0), stop_after=1)):
                return
            wait -= 1.0
