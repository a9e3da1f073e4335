"""One tick of one lane: claim what is due, deal with it in rounds, write down how far the lane has come.

A round takes the earliest thing of every contact (an internal event, an event, a timer) and does the steps of docs/journeys.md,
"Order", for all of them at once, one statement a step and place. Time is a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safar.journeys.engine.apply import FIGURES, apply_events
from safar.journeys.engine.plan import Plan
from safar.journeys.engine.publishing import Publishings
from safar.journeys.engine.session import Session
from safar.journeys.engine.steps import Outcome, Steps
from safar.lib.failpoints import failpoint

# How far the low-water mark stays behind what was claimed: a transaction that took its numbers before so many others and commits after
# them is found all the same; one that took still longer, by the next look from 0.
BEHIND = 20_000


@dataclass(frozen=True)
class Limits:
    """events: claimed in a tick; each: of one contact; subjects: contacts of due timers in a tick.

    whole: a back-test: nothing will come any more, so the horizon is the end at once, and figures that nobody reads are not kept.
    """

    events: int = 5_000
    each: int = 32
    subjects: int = 100_000
    whole: bool = False


class Tick:
    """Runs inside one transaction of the session's connection, which holds the lane's lock; the caller commits."""

    def __init__(self, session: Session, plan: Plan, limits: Limits | None = None) -> None:
        self.session, self.plan, self.limits = session, plan, limits or Limits()
        self.answered: dict[str, Any] = {
            "standing": [j.journey_id for j in plan.journeys.values() if not j.paused],
            "segments": [number for w in plan.workspaces.values() for number, _ in w.segments],
            "starts": [
                j.journey_id * 4 + n for j in plan.journeys.values() if j.live is not None for n in j.live.armed
            ],
        }
        self.heard: dict[str, Any] = {
            "heard": sorted(plan.heard() | FIGURES),
            "all_heard": [n for n, w in plan.workspaces.items() if w.reads_last_seen or w.hears_more_than_names],
        }
        self.told = frozenset(n for n, w in plan.workspaces.items() if w.source.listeners and not self.limits.whole)
        self.figures = not self.limits.whole or plan.reads_figures()
        self.outcome = Outcome()
        self.singles = self.owed = self.low = 0
        self.steps = Steps(session, plan, self.outcome)

    def run(
        self, lane: int, clock: datetime, now: datetime, buckets: Sequence[int] | None = None, low: int = 0
    ) -> Outcome:
        """lane is locked by the caller; clock: the lane's; buckets: only these contacts (to find one that cannot be computed);
        low: nothing is looked for in the inbox up to this number."""
        session = self.session
        if self._claim(lane, clock, now, list(buckets) if buckets is not None else None, low):
            failpoint("engine.claimed")
            if self.singles:
                steps = self.steps
                steps.move(self.singles)
                session.file("walkers_again")
                steps.forget()
            publishings = Publishings(session, self.plan, self.steps, lane) if self.owed else None
            while True:
                while people := self._round():
                    self.outcome.rounds += 1
                    if people > 200 and self.outcome.rounds % 8 == 0:
                        session.renew_walkers()
                    failpoint("engine.round")
                if publishings is None or not publishings.read():
                    break
            self._finish(lane)
            failpoint("engine.finished")
        self.session.empty_all()
        return self.outcome

    def _claim(self, lane: int, clock: datetime, now: datetime, buckets: list[int] | None, low: int) -> bool:
        session, limits = self.session, self.limits
        until = max(now, clock)
        subjects, crowded = 0, False
        for slot, count in session.file("peek_timers", lane=lane, until=until):
            if subjects and subjects + count > limits.subjects:
                until, crowded = slot, True
                break
            subjects += count
        if limits.whole:
            taken, last, left = session.file("claim_whole", lane=lane, until=until)[0]
        else:
            taken, last, left, highest = session.file(
                "claim_events",
                workspaces=list(self.plan.workspaces),
                lane=lane,
                clock=clock,
                until=until,
                most=limits.events,
                each=limits.each,
                buckets=buckets,
                low=low,
                **self.heard,
            )[0]
            if buckets is None and highest is not None:
                self.low = max(0, highest - BEHIND)
        if not taken and not subjects:
            return False
        horizon = last if taken and not limits.whole else until
        horizon = max(horizon, clock)
        session.run(
            "INSERT INTO tick VALUES (%(lane)s, %(horizon)s, %(now)s)", {"lane": lane, "horizon": horizon, "now": until}
        )
        if taken:
            session.file("forward")
        due, self.singles, self.owed = 0, 0, 0
        if subjects:
            due, self.singles, self.owed = session.file(
                "claim_timers",
                lane=lane,
                horizon=horizon,
                buckets=buckets,
                watches=bool(self.answered["segments"] or self.answered["starts"]),
                standing=self.answered["standing"],
            )[0]
        session.file("load_due", **self.answered)
        self.outcome.events, self.outcome.subjects = taken, due
        self.outcome.more = taken == limits.events or crowded or bool(left)
        return True

    def _round(self) -> int:
        """How many contacts took their turn."""
        session, steps = self.session, self.steps
        people = session.file("turn_internal")[0][0] if steps.caused else 0
        steps.caused = max(0, steps.caused - people)
        people += session.file("turn_event")[0][0]
        people += session.file("turn_timer")[0][0]
        if not people:
            return 0
        present = session.run(
            "SELECT workspace_id, kind, type, name, grp, c, bool_or(facts), bool_or(traits IS NOT NULL), bool_or(consent IS NOT NULL),"
            " bool_or(tags IS NOT NULL), bool_or(fresh) FROM turn GROUP BY 1, 2, 3, 4, 5, 6"
        )
        tokens: dict[int, set[str]] = {}
        if any(row[1] < 2 for row in present):
            apply_events(session, self.plan, present, figures=self.figures, search=not self.limits.whole)
            if self.told and not self.told.isdisjoint(row[0] for row in present if row[1] < 2):
                self.outcome.outbox += session.file("tell_listeners")[0][0]
            for workspace, token in session.run(
                "SELECT DISTINCT workspace_id, unnest(tokens) FROM turn WHERE kind < 2"
            ):
                tokens.setdefault(workspace, set()).add(token)
            steps.events(tokens)
        groups = {(row[0], row[4], row[5]) for row in present if row[1] == 2}
        if groups:
            steps.timers(groups)
        failpoint("engine.moved")
        steps.enter(tokens)
        session.empty("turn", people)
        steps.forget()
        return int(people)

    def _finish(self, lane: int) -> None:
        session = self.session
        bulk = [w.source.workspace_id for w in self.plan.workspaces.values() if not w.reads_last_seen]
        if self.outcome.events and bulk and not self.limits.whole:
            session.file("seen_bulk", workspaces=bulk)
        session.file("put_back")
        session.file("hint_again", **self.answered)
        session.run(
            "UPDATE lane SET clock = greatest(clock, k.horizon), inbox_low = greatest(inbox_low, %(low)s) FROM tick k"
            " WHERE id = %(lane)s AND (clock < k.horizon OR inbox_low < %(low)s)",
            {"lane": lane, "low": self.low},
        )
