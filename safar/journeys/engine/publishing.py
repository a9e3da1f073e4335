"""What a publishing owes those who are there already: everybody is read for it once, as if by an event at its moment.

Reading arms the starting points that are states and makes known who is in the segments that are watched from now on; by that nobody
enters: a state matches when it becomes true. Who matches already enters where the publisher has asked for it, or the kind of starting
point says so. A lane puts its people down in slices of hints (timer.publishing_id) before its clock passes the moment, and as with every
timer no event after that moment is applied to anybody there who has not been read. So it does not matter how long the reading takes,
or who dies over it: a hint and what came of it go in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from safar.journeys.engine.plan import Plan
from safar.journeys.engine.session import Session
from safar.journeys.engine.steps import Steps
from safar.lib.failpoints import failpoint

SLICE = 5_000  # people a hint: a tick takes many of them at once, and stops between them

_OPEN = """
INSERT INTO publishing (workspace_id, journey_id, version_id, at, already, segments, lanes_left)
SELECT %(workspace)s, %(journey)s, %(version)s, %(at)s, %(already)s, %(segments)s::integer[], count(*) FROM lane RETURNING id
"""
_HERE = """
SELECT id, workspace_id, journey_id, version_id, segments, already AND stopped_at IS NULL, stopped_at IS NULL FROM publishing
WHERE id IN (SELECT a FROM due WHERE grp = 3) ORDER BY id
"""
_READ = """
UPDATE publishing_lane l SET read = l.read + %(read)s, entered = l.entered + %(entered)s, held_out = l.held_out + %(held_out)s,
    refused = l.refused + %(refused)s
WHERE l.publishing_id = %(publishing)s AND l.lane = %(lane)s
"""
_CAME = """
SELECT count(*) FILTER (WHERE refused IS NULL AND NOT held), count(*) FILTER (WHERE held), count(*) FILTER (WHERE refused IS NOT NULL) FROM entrant
"""


def open_publishing(
    connection: psycopg.Connection[Any],
    *,
    workspace_id: int,
    at: datetime,
    segments: Iterable[int],
    journey_id: int | None = None,
    version_id: int | None = None,
    already: bool = False,
) -> int:
    """Puts a publishing there for the engines, in the caller's transaction, that of the version; gives its number.

    segments: ids of those that are watched from now on. already: those who match already come in as well. Without a journey everybody is
    read for segments alone, whose condition has changed.
    """
    row = connection.execute(
        _OPEN,
        {
            "workspace": workspace_id,
            "journey": journey_id,
            "version": version_id,
            "at": at,
            "segments": list(segments),
            "already": already,
        },
    ).fetchone()
    assert row is not None
    return int(row[0])


def spread_lane(session: Session, lane: int) -> int:
    """Puts the lane's people down for the publishings that it has not met; how many those were. Somebody else has the lane: 0."""
    with session.connection.transaction():
        row = session.run("SELECT clock FROM lane WHERE id = %(lane)s FOR UPDATE SKIP LOCKED", {"lane": lane})
        met = session.file("spread", lane=lane, clock=row[0][0], slice=SLICE)[0][0] if row else 0
    if met:
        failpoint("engine.spread")
    return int(met)


def spread_everywhere(session: Session) -> None:
    """Puts everybody down at once: for whoever publishes before there are people, and starts no engine."""
    for (lane,) in session.run("SELECT id FROM lane ORDER BY id"):
        spread_lane(session, lane)


@dataclass(frozen=True)
class _Publishing:
    number: int
    workspace_id: int
    journey_id: int | None
    version_id: int | None
    segments: list[int]
    asked: bool  # those who match already come in, and not only those whom their starting point brings in by itself
    going: bool  # False: stopped, nobody comes in any more


class Publishings:
    """Those that the tick's people are to be read for. Between its rounds: whoever can be read is, then the rounds go on."""

    def __init__(self, session: Session, plan: Plan, steps: Steps, lane: int) -> None:
        self._session, self._plan, self._steps, self._lane = session, plan, steps, lane
        self._all = [_Publishing(*row) for row in session.run(_HERE)]

    def read(self) -> int:
        """How many were read, or passed over: no contacts by that moment. 0: nobody whose turn it is is left."""
        return sum(self._read(one) for one in self._all)

    def _read(self, one: _Publishing) -> int:
        workspace = self._plan.workspaces.get(one.workspace_id)
        journey = self._plan.journeys.get(one.journey_id) if one.journey_id is not None else None
        # a version that is no longer the live one has nobody to let in, and the next publishing reads everybody anew
        version = journey.live if journey is not None and journey.live is not None else None
        if version is not None and version.version_id != one.version_id:
            version = None
        segments = [(n, a) for n, a in workspace.segments if n in one.segments] if workspace is not None else []
        watches = [*(armed for _, armed in segments), *(version.armed.values() if version is not None else ())]
        tokens = sorted(frozenset[str]().union(*(armed.tokens for armed in watches)))
        session = self._session
        gone, here = session.file("turn_publishing", publishing=one.number, tokens=tokens)[0]
        came = (0, 0, 0)
        if here:
            told = 0
            for number, armed in segments:
                told += session.run(armed.on_event, doing=f"segment {number}")[0][0]
            session.empty("caused", told)  # who is a member already has not joined now
            for armed in version.armed.values() if version is not None else ():
                session.run(armed.on_event, doing=f"publishing {one.number}")
            statement = version.entering.already[one.asked] if version is not None and one.going else None
            if statement is not None and version is not None:
                session.run("UPDATE turn SET kind = 2, enters = TRUE, alive = TRUE, created = FALSE")
                if entrants := session.run(statement, doing=f"version {one.version_id}")[0][0]:
                    came = session.run(_CAME)[0]
                    people, caused, _soon = session.run(version.entering.enter, doing=f"version {one.version_id}")[0]
                    self._steps.caused += caused
                    session.empty("entrant", entrants)
                    self._steps.move(people)
            session.empty("turn", here)
            self._steps.forget()
        if gone:
            counted = dict(zip(("entered", "held_out", "refused"), came, strict=True))
            session.run(_READ, {"publishing": one.number, "lane": self._lane, "read": gone, **counted})
            failpoint("engine.read")
        return int(gone)
