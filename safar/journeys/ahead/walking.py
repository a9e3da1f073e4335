"""Where people who come to points at known hours get to, as far as that can be said without knowing them: messages by hour.

Estimates: everybody is taken by hours and by the workspace's clock. Waiting is reckoned by the kinds' own expressions. What an answer decides
is not known: whoever is behind such a point is counted as ``depends``, on every way, so that figure is the most that it can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

from safar.journeys.compiler.quiet import goes_at
from safar.journeys.compiler.text import lit, sql, text
from safar.journeys.compiler.version import Version
from safar.journeys.definition.model import Point
from safar.journeys.kinds import Decision, End, Jump, Outgoing, Park, outgoing

Arrival = tuple[datetime, bool]  # the hour, and whether it depends on something that is not known


@dataclass(frozen=True)
class Leaving:
    """Messages of one point in one hour. depends: how many of them may not go out; template: its only one, else the first variant's."""

    hour: datetime
    point: str
    out: Outgoing
    sure: float
    depends: float

    @property
    def template(self) -> str:
        return self.out.templates[0] if self.out.templates else ""


def walk_ahead(
    connection: psycopg.Connection[Any],
    version: Version,
    standing: Mapping[tuple[int, datetime], float],
    coming: Mapping[tuple[int, datetime, bool], float],
    until: datetime,
) -> list[Leaving]:
    """standing: (place, hour of waking) → people who stand there; coming: (point, hour, depends) → people who will come to it. Up to ``until``."""
    points = version.definition.points
    index = {point.key: point.index for point in points}
    here: dict[int, defaultdict[Arrival, float]] = defaultdict(_none)
    passed: dict[int, defaultdict[Arrival, float]] = defaultdict(
        _none
    )  # before what goes out: they stood there already
    for (i, hour, depends), n in coming.items():
        here[i][hour, depends] += n
    found: list[Leaving] = []

    def go(point: Point, path: str, hour: datetime | None, depends: bool, n: float) -> None:
        key = point.paths.get(path)
        if key is not None and hour is not None and hour < until and n:
            here[index[key]][hour, depends] += n

    for (i, hour), n in standing.items():
        kind = points[i].kind
        if isinstance(kind, Park):
            go(points[i], kind.due_path(points[i].params), hour, bool(_waits(points[i])), n)
        else:
            passed[i][hour, False] += n
    for i in version.layout.topological:
        point, arrivals = points[i], here.pop(i, _none())
        kind, params = point.kind, point.params
        if not arrivals and i not in passed:
            continue
        if (out := outgoing(kind, params)) is not None:
            moments = _quiet(connection, version, out, [hour for hour, _ in arrivals])
            leaving = passed.pop(i, _none())
            for (hour, depends), n in arrivals.items():
                leaving[moments[hour], depends] += n
            for (hour, depends), n in sorted(leaving.items()):
                if hour < until:
                    found.append(Leaving(hour, point.key, out, 0 if depends else n, n if depends else 0))
                go(point, "next", hour, depends, n)
        elif isinstance(kind, Park):
            ends = _ends(connection, version, kind, params, [hour for hour, _ in arrivals])
            waits = _waits(point)
            for (hour, depends), n in arrivals.items():
                go(point, kind.due_path(params), ends[hour], depends or waits, n)
        elif isinstance(kind, Decision):
            portions = kind.portions(params)
            for (hour, depends), n in arrivals.items():
                for path in kind.paths(params):
                    known = portions is not None
                    go(point, path, hour, depends or not known, n * portions[path] if portions is not None else n)
        elif not isinstance(kind, End):
            path = "next" if isinstance(kind, Jump) else kind.paths(params)[0]
            for (hour, depends), n in arrivals.items():
                go(point, path, hour, depends or isinstance(kind, Jump), n)
    return found


def _waits(point: Point) -> bool:
    """Whether something may end the waiting before its time."""
    kind = point.kind
    if not isinstance(kind, Park):
        return False
    awaited = kind.awaits(point.params)
    return bool(awaited.events) or awaited.condition is not None


def _ends(
    connection: psycopg.Connection[Any], version: Version, kind: Park, params: Any, hours: Sequence[datetime]
) -> dict[datetime, datetime | None]:
    """When waiting that begins at each hour is over, for a contact of whom nothing is known."""
    reading = replace(version.reading, at=sql("x.at"))
    found = _ask(connection, version, f"greatest({text(kind.wake_at(params, reading))}, x.at)", hours)
    return {hour: found[hour] for hour in hours}


def _quiet(
    connection: psycopg.Connection[Any], version: Version, out: Outgoing, hours: Sequence[datetime]
) -> dict[datetime, datetime]:
    """When what is due at each hour goes out: after quiet hours, and where it is asked for at the workspace's hour."""
    end = goes_at(out, version.house.quiet, replace(version.reading, at=sql("x.at")), "FALSE")
    if end is None:
        return {hour: hour for hour in hours}
    found = _ask(connection, version, end, hours)
    return {hour: found[hour] or hour for hour in hours}


def _ask(
    connection: psycopg.Connection[Any], version: Version, expression: str, hours: Sequence[datetime]
) -> dict[datetime, datetime | None]:
    """The expression over x.at and a contact of whom nothing is known, brought to the workspace's hour, for each of the hours."""
    if not hours:
        return {}
    moments = ", ".join(f"({lit(hour.isoformat())}::timestamptz)" for hour in sorted(set(hours)))
    rows = connection.execute(
        f"SELECT x.at, date_trunc('hour', ({expression})::timestamptz, {lit(version.house.zone)}) FROM (VALUES {moments}) x (at)"
        " CROSS JOIN (SELECT 0::smallint AS bucket, 0::bigint AS id, ''::text AS key, NULL::text AS zone, NULL::jsonb AS traits OFFSET 0) c"
        f" CROSS JOIN (SELECT 0::smallint AS bucket, 0::bigint AS contact_id, {int(version.house.workspace_id)} AS workspace_id OFFSET 0) m"
        " LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    ).fetchall()
    return dict(rows)


def _none() -> defaultdict[Arrival, float]:
    return defaultdict(float)
