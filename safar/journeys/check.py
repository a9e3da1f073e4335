"""The books, proved at one instant while everything runs: counts against people, lane by lane; decisions against messages.

Counts are written by the statements that move people, and people are counted here anew: two ways to one figure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from safar.journeys.backtest.figures import Figures, count_passages
from safar.journeys.compiler.version import Version
from safar.journeys.engine.load import load_plan
from safar.journeys.kinds import Action, Queue
from safar.outbox.books import read_books

_PEOPLE = """
SELECT b.lane, e.version_id, e.place, e.state, count(*) FROM bucket_lane b JOIN enrollment e ON e.bucket = b.bucket GROUP BY 1, 2, 3, 4
"""
_TRIPS = """
SELECT version_id, count(*) FILTER (WHERE state <> 4), count(*) FILTER (WHERE state = 4) FROM (
    SELECT version_id, state FROM enrollment UNION ALL SELECT version_id, state FROM enrollment_past WHERE part = trail_moved AND state <> 0
) t GROUP BY 1
"""
_COUNTS = (
    "SELECT lane, version_id, stretch, decisions, sum(n)::bigint, sum(money) FROM passage_count GROUP BY 1, 2, 3, 4"
)


@dataclass(frozen=True)
class Difference:
    """One page of the books that does not close. where: journey.point, lane; said: what each side says."""

    where: str
    said: str


@dataclass
class Report:
    """points, journeys, messages: how many were compared."""

    points: int = 0
    journeys: int = 0
    messages: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        return {
            "closed": self.closed,
            "points": self.points,
            "journeys": self.journeys,
            "messages": self.messages,
            "differences": [vars(difference) for difference in self.differences],
        }


def check_books(connection: psycopg.Connection[Any]) -> Report:
    """connection: autocommit, no transaction open. One snapshot, no locks.

    For every point: entered = standing + gone by each path + left by reason + set aside + moved out, lane by lane. For every journey:
    entered (and moved in, and not out) and held out = trips there are. For every message: decided = accepted + skipped + failed + in doubt + assumed sent + open,
    and as many as passages of the points that send.
    """
    report = Report()
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        versions = load_plan(connection).versions
        people = _people(connection)
        figures = _figures(connection, versions)
        trips = {row[0]: (row[1], row[2]) for row in connection.execute(_TRIPS)}
        _check_points(report, versions, figures, people)
        whole = _sum_lanes(figures)
        for version_id, version in versions.items():
            _check_journey(report, version, whole.get(version_id), trips.get(version_id, (0, 0)))
        _check_messages(report, connection, versions, whole)
    return report


def _people(connection: psycopg.Connection[Any]) -> dict[tuple[int, int], Counter[int | None]]:
    """(lane, version) → place → people standing there."""
    found: dict[tuple[int, int], Counter[int | None]] = defaultdict(Counter)
    for lane, version, place, state, n in connection.execute(_PEOPLE):
        if state == 0:
            found[lane, version][place] += n
    return found


def _figures(connection: psycopg.Connection[Any], versions: Mapping[int, Version]) -> dict[tuple[int, int], Figures]:
    rows: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for lane, version, *count in connection.execute(_COUNTS):
        rows[lane, version].append(count)
    return {(lane, v): count_passages(versions[v], found) for (lane, v), found in rows.items() if v in versions}


def _check_points(
    report: Report,
    versions: Mapping[int, Version],
    figures: Mapping[tuple[int, int], Figures],
    people: Mapping[tuple[int, int], Counter[int | None]],
) -> None:
    for lane, version_id in sorted({*figures, *people}):
        version = versions.get(version_id)
        if version is None:
            continue
        counted = figures.get((lane, version_id)) or count_passages(version, [])
        standing = people.get((lane, version_id), Counter())
        for point in version.definition.points:
            report.points += 1
            expected, found = counted.points[point.key].standing, standing[point.index]
            if expected != found:
                said = f"{expected} should stand there by the counts, {found} people do"
                report.differences.append(Difference(f"{version.definition.key}.{point.key}, lane {lane}", said))
        if standing[None]:
            report.differences.append(
                Difference(f"{version.definition.key}, lane {lane}", f"{standing[None]} open trips stand nowhere")
            )


def _sum_lanes(figures: Mapping[tuple[int, int], Figures]) -> dict[int, Figures]:
    whole: dict[int, Figures] = {}
    for (_, version_id), part in figures.items():
        total = whole.setdefault(version_id, Figures({key: type(point)() for key, point in part.points.items()}))
        total.entered += part.entered
        total.refused += part.refused
        total.held_out += part.held_out
        total.moved_in += part.moved_in
        for key, point in part.points.items():
            total.points[key].entered += point.entered
            total.points[key].moved += point.moved
            total.points[key].paths += point.paths
    return whole


def _check_journey(report: Report, version: Version, figures: Figures | None, trips: tuple[int, int]) -> None:
    report.journeys += 1
    entered = sum(figures.entered.values()) + figures.moved_in if figures else 0
    entered -= sum(point.moved for point in figures.points.values()) if figures else 0
    held_out = figures.held_out if figures else 0
    if (entered, held_out) != trips:
        said = (
            f"{entered} entered and {held_out} were held out by the counts; there are {trips[0]} and {trips[1]} trips"
        )
        report.differences.append(Difference(f"{version.definition.key}, version {version.version_id}", said))


def _check_messages(
    report: Report, connection: psycopg.Connection[Any], versions: Mapping[int, Version], figures: Mapping[int, Figures]
) -> None:
    decided: Counter[tuple[int, str]] = Counter()
    for version_id, version in versions.items():
        for point in version.definition.points:
            if (
                isinstance(point.kind, Action)
                and isinstance(point.kind.effect(point.params), Queue)
                and version_id in figures
            ):
                # not entered: who stands there until quiet hours end has no message yet, and who left has none at all
                decided[version.journey_id, point.key] += figures[version_id].points[point.key].paths.total()
    known = {version.journey_id for version in versions.values()}
    there: Counter[tuple[int, str]] = Counter()
    named: dict[int, str | None] = {}
    for line in read_books(connection):
        report.messages += line.decided
        if not line.closes:
            report.differences.append(
                Difference(f"{line.journey}.{line.point}", f"the states of its messages do not add up: {line}")
            )
        if line.journey_id in known and line.point is not None:
            there[line.journey_id, line.point] += line.decided
            named[line.journey_id] = line.journey
    for journey_id, key in sorted({*there, *decided}):
        passed, found = decided[journey_id, key], there[journey_id, key]
        if passed != found:
            where = f"{named.get(journey_id) or f'journey {journey_id}'}.{key}"
            report.differences.append(
                Difference(where, f"{passed} passages decided a message, {found} messages are there")
            )
