"""What a publishing owes those who are there already: starting points that are states, and newly watched segments, are armed for everybody.

Nobody enters by it: a state matches when it becomes true, and what is true already has become so before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from safar.journeys.compiler.arming import Armed
from safar.journeys.engine.plan import Plan
from safar.journeys.engine.session import Session

_SLICE = 20_000

_PEOPLE = """
INSERT INTO turn (contact_id, bucket, workspace_id, kind, at, ts, seq, type, name, enters, alive, created, tokens)
SELECT c.id, c.bucket, c.workspace_id, 1, %(at)s, %(at)s, 0, 'publish', 'publish', FALSE, FALSE, TRUE, %(tokens)s::text[]
FROM bucket_lane b JOIN contact c ON c.bucket = b.bucket
WHERE b.lane = %(lane)s AND c.workspace_id = %(workspace)s AND c.created_at IS NOT NULL AND c.merged_into IS NULL AND c.id > %(after)s
    AND c.bucket = %(bucket)s
ORDER BY c.id LIMIT %(slice)s
"""


def arm_everybody(
    session: Session,
    plan: Plan,
    workspace_id: int,
    journeys: Iterable[int],
    segments: Iterable[int],
    now: Callable[[], datetime],
) -> int:
    """Arms the states among the starting points of ``journeys`` and reads ``segments`` (ids) for every contact of the workspace.

    Locks one lane at a time, waiting for whoever has it. Returns how many contacts were read.
    """
    workspace = plan.workspaces[workspace_id]
    chosen, wanted = set(segments), set(journeys)
    watches: list[Armed] = [armed for number, armed in workspace.segments if number in chosen]
    for journey in workspace.journeys:
        if journey.journey_id in wanted and journey.live is not None:
            watches += journey.live.armed.values()
    if not watches:
        return 0
    session.settle(plan)
    tokens = sorted(frozenset[str]().union(*(armed.tokens for armed in watches)))
    people = 0
    for (lane,) in session.run("SELECT id FROM lane ORDER BY id"):
        people += _arm_lane(session, watches, tokens, workspace_id, lane, now)
    return people


def _arm_lane(
    session: Session, watches: list[Armed], tokens: list[str], workspace_id: int, lane: int, now: Callable[[], datetime]
) -> int:
    people = 0
    with session.connection.transaction():
        clock = session.run("SELECT clock FROM lane WHERE id = %(lane)s FOR UPDATE", {"lane": lane})[0][0]
        at = max(clock, now())
        session.run("INSERT INTO tick VALUES (%(lane)s, %(at)s, %(at)s)", {"lane": lane, "at": at})
        for (bucket,) in session.run("SELECT bucket FROM bucket_lane WHERE lane = %(lane)s", {"lane": lane}):
            after = 0
            while True:
                parameters = {
                    "at": at,
                    "tokens": tokens,
                    "lane": lane,
                    "workspace": workspace_id,
                    "after": after,
                    "bucket": bucket,
                    "slice": _SLICE,
                }
                found = session.run(
                    f"WITH p AS ({_PEOPLE} RETURNING contact_id) SELECT count(*), max(contact_id) FROM p", parameters
                )[0]
                if not found[0]:
                    break
                for armed in watches:
                    session.run(armed.on_event)
                people += found[0]
                after = found[1]
                session.empty("turn", found[0])
        session.run("UPDATE lane SET clock = %(at)s WHERE id = %(lane)s AND clock < %(at)s", {"lane": lane, "at": at})
        session.empty_all()
    return people
