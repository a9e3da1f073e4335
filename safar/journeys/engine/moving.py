"""People on the road move from an older version of their journey to a newer one: they stay where they stand, the way on is the new one's.

Somebody can move who stands at a point that the new version has as well, of the same kind, and from which no point that was passed
already can be reached (docs/journeys.md, "Versions"). The old trail goes to enrollment_past, where it is read by its own version.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from safar.journeys.compiler.decode import passed_keys
from safar.journeys.compiler.moving import STANDING, compile_moving
from safar.journeys.compiler.version import Version
from safar.journeys.definition.graph import edges_of, reachable
from safar.journeys.engine.plan import Plan
from safar.journeys.engine.session import Session

NO_POINT, OTHER_KIND, PASSES_AGAIN = "no_such_point", "another_kind", "would_pass_again"


@dataclass
class Standing:
    """The people of the old version at one point. cannot: reason → people; of a way back also which points: passes_again."""

    point: str
    people: int = 0
    can: int = 0
    cannot: Counter[str] = field(default_factory=Counter)
    passes_again: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Group:
    """People of one lane who stand at one place and came the same way. way: version:code,code;version:code…"""

    lane: int
    place: int
    way: str
    people: int


def look_at_move(
    connection: psycopg.Connection[Any], versions: Mapping[int, Version], old: Version, new: Version
) -> list[Standing]:
    """Who would move from ``old`` to ``new`` and who cannot, by the point where they stand, in the map's order. versions: all of the plan."""
    found = {point.index: Standing(point.key) for point in old.definition.points}
    judge = _Judge(versions, old, new)
    for group in _groups(connection, old.version_id):
        standing = found[group.place]
        standing.people += group.people
        reason, again = judge.verdict(group)
        if reason is None:
            standing.can += group.people
        else:
            standing.cannot[reason] += group.people
            standing.passes_again |= again
    return [standing for standing in found.values() if standing.people]


def move_people(
    session: Session, plan: Plan, old: Version, new: Version, now: Callable[[], datetime], *, anew: bool = False
) -> int:
    """Moves everybody who can; returns how many. anew: their waiting is reckoned again from when they came, by the new version's point;
    otherwise their wake-up time stays. Locks one lane at a time; cut off, it is simply done again."""
    session.settle(plan)
    judge = _Judge(plan.versions, old, new)
    by_lane: dict[int, list[_Group]] = defaultdict(list)
    for group in _groups(session.connection, old.version_id):
        if judge.verdict(group)[0] is None:
            by_lane[group.lane].append(group)
    statement = compile_moving(old, new, anew=anew)
    return sum(_move_lane(session, statement, judge, lane, groups, now) for lane, groups in sorted(by_lane.items()))


def _move_lane(
    session: Session,
    statement: str,
    judge: _Judge,
    lane: int,
    groups: list[_Group],
    now: Callable[[], datetime],
) -> int:
    """Whoever has come to stand there since the groups were read, by a way that nobody had come, stays; the next call moves them."""
    with session.connection.transaction():
        clock = session.run("SELECT clock FROM lane WHERE id = %(lane)s FOR UPDATE", {"lane": lane})[0][0]
        at = max(clock, now())
        session.run("INSERT INTO tick VALUES (%(lane)s, %(at)s, %(at)s)", {"lane": lane, "at": at})
        allowed = [(group.place, group.way, judge.target(group.place)) for group in groups]
        with session.connection.cursor() as cursor:
            cursor.executemany("INSERT INTO allowed_way VALUES (%s, md5(%s)::uuid, %s)", allowed)
        moved = int(session.run(statement, doing="moving people")[0][0])
        session.run("UPDATE lane SET clock = %(at)s WHERE id = %(lane)s AND clock < %(at)s", {"lane": lane, "at": at})
        session.empty_all()
    return moved


def _groups(connection: psycopg.Connection[Any], version_id: int) -> Iterator[_Group]:
    for row in connection.execute(STANDING, {"version": version_id}).fetchall():
        yield _Group(*row)


class _Judge:
    """Says of a group whether it can move; asks each question once."""

    def __init__(self, versions: Mapping[int, Version], old: Version, new: Version) -> None:
        self._layouts = {number: version.layout for number, version in versions.items()}
        self._old = old.definition.points
        self._new = {point.key: point for point in new.definition.points}
        edges = edges_of(new.definition)
        self._ahead = {point: reachable(edges, [to for _, to in ways]) for point, ways in edges.items()}

    def target(self, place: int) -> int:
        """The index, in the new version, of the old one's point."""
        return self._new[self._old[place].key].index

    def verdict(self, group: _Group) -> tuple[str | None, frozenset[str]]:
        """(None, …) where they can move; else the reason, and which points they would pass again."""
        old = self._old[group.place]
        new = self._new.get(old.key)
        if new is None:
            return NO_POINT, frozenset()
        if new.kind.key != old.kind.key:
            return OTHER_KIND, frozenset()
        parts = [part.split(":") for part in group.way.split(";")]
        trails = [
            (self._layouts[int(number)], [int(code) for code in codes.split(",") if code]) for number, codes in parts
        ]
        again = passed_keys(trails) & self._ahead[old.key]
        return (PASSES_AGAIN, frozenset(again)) if again else (None, frozenset())
