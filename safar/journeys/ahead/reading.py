"""The road ahead: what will go out in the coming days, by hour, from whoever stands on a road, whoever is armed to come in, and what is queued."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.sql import SQL, Literal

from safar.accounts.models import Workspace
from safar.channels.estimate import cost_of_one
from safar.channels.senders import read_senders
from safar.journeys.ahead.walking import Leaving, walk_ahead
from safar.journeys.compiler.version import Version
from safar.journeys.engine.load import load_plan
from safar.journeys.kinds import StateStart, outgoing
from safar.segments.services import read_segments, reading_now

SPAN = timedelta(days=14)

# Hours are those of the workspace's wall clock, which in Tehran begin at half past by UTC.
_STANDING = """
SELECT e.version_id, e.place, date_trunc('hour', greatest(e.wake_at, %(now)s), %(zone)s), count(*)
  FROM enrollment e
 WHERE e.version_id = ANY (%(versions)s) AND e.state = 0 AND e.place IS NOT NULL AND e.wake_at < %(until)s GROUP BY 1, 2, 3
"""
_QUEUED = """
SELECT o.journey_id, coalesce(o.effect ->> 'point', ''), o.channel, coalesce(o.effect ->> 'template', ''), coalesce(o.waits_for, ''),
       date_trunc('hour', greatest(o.due_at, %(now)s), %(zone)s), count(*)
  FROM outbox o
 WHERE o.workspace_id = %(workspace)s AND o.kind = 'message' AND o.state IN (0, 1, 3, 5) AND o.due_at < %(until)s GROUP BY 1, 2, 3, 4, 5, 6
"""
_ARMED = """
SELECT date_trunc('hour', greatest(w.due_at, {now}), {zone}), count(*)
  FROM contact_watch w JOIN contact c ON c.bucket = w.bucket AND c.id = w.contact_id
  LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id
 WHERE w.kind = 1 AND w.watch_id = {watch} AND w.due_at < {until} AND c.workspace_id = {workspace} AND c.erased_at IS NULL AND c.merged_into IS NULL
   AND {brings} GROUP BY 1
"""
# Who comes to a message within the span and has had by then as many as a cap allows, if nothing else went out to them until then.
_CAPPED = """
SELECT (e.wake_at AT TIME ZONE %(zone)s)::date, count(DISTINCT e.contact_id)
  FROM enrollment e
  JOIN unnest(%(versions)s::integer[], %(places)s::smallint[], %(channels)s::text[]) p (version, place, channel)
       ON p.version = e.version_id AND p.place = e.place
 WHERE e.state = 0 AND e.wake_at >= %(now)s AND e.wake_at < %(until)s AND EXISTS (
        SELECT FROM frequency_cap k
         WHERE k.workspace_id = %(workspace)s AND k.channel IN ('', p.channel) AND k.topic = '' AND k.most <= (
                SELECT count(*) FROM message h
                 WHERE h.bucket = e.bucket AND h.contact_id = e.contact_id AND h.kind = 'message' AND h.state NOT IN ('failed', 'skipped')
                   AND h.sending_at > e.wake_at - make_interval(hours => k.hours) AND (k.channel = '' OR h.channel = k.channel)
                   AND (k.transactional OR h.class = 'marketing') OFFSET 0) OFFSET 0)
 GROUP BY 1
"""
_TEMPLATES = "SELECT key, channel, languages, fallbacks FROM content_template WHERE workspace_id = %s"


@dataclass(frozen=True)
class Line:
    """What one point sends in one hour. depends: of the messages, those that an answer decides; cost: None where it is not known.
    waits_for: budget or quiet, of what is queued."""

    hour: datetime
    journey_id: int
    point: str
    channel: str
    sure: int
    depends: int
    cost: Decimal | None
    waits_for: str = ""


@dataclass(frozen=True)
class Ahead:
    """at: when it was read. capped: day → people who would be over a cap; None where there are no caps."""

    at: datetime
    until: datetime
    lines: list[Line] = field(default_factory=list)
    capped: Mapping[date, int] | None = None


def read_ahead(connection: psycopg.Connection[Any], workspace: Workspace, now: datetime) -> Ahead:
    """connection: autocommit. Everything is aggregated where it lies; nobody is looked at one by one but for the caps."""
    until = now + SPAN
    plan = load_plan(connection, [workspace.pk]).workspaces.get(workspace.pk)
    journeys = [journey for journey in plan.journeys if not journey.paused] if plan is not None else []
    versions = {version.version_id: version for journey in journeys for version in journey.versions}
    standing: dict[int, Counter[tuple[int, datetime]]] = defaultdict(Counter)
    asked = {"versions": list(versions), "now": now, "until": until, "zone": workspace.zone}
    for version_id, place, hour, n in connection.execute(_STANDING, asked).fetchall():
        if place < len(versions[version_id].definition.points):
            standing[version_id][place, hour] += n
    costs = _costs(connection, workspace)
    lines: list[Line] = []
    for journey in journeys:
        for version in journey.versions:
            coming = _coming(connection, workspace, version, now, until) if version.live else {}
            for leaving in walk_ahead(connection, version, standing[version.version_id], coming, until):
                lines.append(_line(leaving, journey.journey_id, costs))
    for journey_id, point, channel, template, waits_for, hour, n in connection.execute(
        _QUEUED, {"workspace": workspace.pk, "now": now, "until": until, "zone": workspace.zone}
    ).fetchall():
        cost = costs.get(template)
        lines.append(Line(hour, journey_id, point, channel, n, 0, None if cost is None else cost * n, waits_for))
    lines = [line for line in lines if line.sure or line.depends]
    return Ahead(
        now,
        until,
        sorted(lines, key=lambda one: (one.hour, one.journey_id, one.point)),
        _capped(connection, workspace, versions, now, until),
    )


def _line(leaving: Leaving, journey_id: int, costs: Mapping[str, Decimal | None]) -> Line:
    sure, depends, cost = round(leaving.sure), round(leaving.depends), costs.get(leaving.template)
    whole = None if cost is None else cost * (sure + depends)
    return Line(leaving.hour, journey_id, leaving.point, leaving.out.channel, sure, depends, whole)


def _coming(
    connection: psycopg.Connection[Any], workspace: Workspace, version: Version, now: datetime, until: datetime
) -> dict[tuple[int, datetime, bool], float]:
    """Who is armed to come in by a state: of campaigns whom the segment has now. It depends: what they are by then is not known."""
    found: dict[tuple[int, datetime, bool], float] = {}
    reading = replace(reading_now(connection, workspace, read_segments(workspace)), journey=version.definition.key)
    for start in version.definition.starts:
        target = version.layout.targets[start.index]
        if not isinstance(start.kind, StateStart) or target is None:
            continue
        brings = start.kind.brings(start.params, reading) or SQL("TRUE")
        if start.filter is not None:
            own = replace(reading, entry=SQL("({})").format(start.kind.already_entry(start.params, reading)))
            brings = SQL("({} AND {})").format(brings, start.filter.holds(own))
        rows = connection.execute(
            SQL(_ARMED).format(
                now=Literal(now),
                zone=Literal(workspace.zone),
                watch=Literal(version.journey_id * 4 + start.index),
                until=Literal(until),
                workspace=Literal(workspace.pk),
                brings=brings,
            )
        ).fetchall()
        planned = bool(start.kind.segments(start.params))
        for hour, n in rows:
            found[target, hour, not planned] = found.get((target, hour, not planned), 0) + n
    return found


def _capped(
    connection: psycopg.Connection[Any],
    workspace: Workspace,
    versions: Mapping[int, Version],
    now: datetime,
    until: datetime,
) -> dict[date, int] | None:
    if not connection.execute(
        "SELECT 1 FROM frequency_cap WHERE workspace_id = %s LIMIT 1", (workspace.pk,)
    ).fetchone():
        return None
    places = [(number, place, channel) for number, version in versions.items() for place, channel in _before(version)]
    numbers, indexes, channels = zip(*places, strict=True) if places else ((), (), ())
    asked = {"versions": list(numbers), "places": list(indexes), "channels": list(channels), "workspace": workspace.pk}
    return dict(connection.execute(_CAPPED, {**asked, "zone": workspace.zone, "now": now, "until": until}).fetchall())


def _before(version: Version) -> list[tuple[int, str]]:
    """(place, channel) of the places behind which, or at which, advertising goes out next."""
    found = []
    points = version.definition.points
    for point in points:
        nxt = point.paths.get("next")
        candidates = [point, *(other for other in points if other.key == nxt)]
        for candidate in candidates:
            out = outgoing(candidate.kind, candidate.params)
            if out is not None and out.marketing:
                found.append((point.index, out.channel))
                break
    return found


def _costs(connection: psycopg.Connection[Any], workspace: Workspace) -> dict[str, Decimal | None]:
    """Of one message of each template."""
    prices = {channel: sender.part_price for channel, sender in read_senders(connection, workspace.pk).items()}
    names = ("key", "channel", "languages", "fallbacks")
    rows = [dict(zip(names, row, strict=True)) for row in connection.execute(_TEMPLATES, (workspace.pk,)).fetchall()]
    return {row["key"]: cost_of_one(row, workspace.language, prices) for row in rows}
