"""The figures of a map while it lives: passages, who stands, what became of messages; read no more often than they cost.

Whoever looks polls every few seconds, and ten may look at once: what was read is kept for at least a second, and for
longer where reading it is dear (``lib.thrifty``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg

from safar.accounts.models import Workspace
from safar.channels.tracking.settings import Tracking, tracking_of
from safar.journeys.backtest.figures import Figures, read_figures
from safar.journeys.compiler.version import Layout
from safar.journeys.definition.model import Definition, Point
from safar.journeys.definition.parse import parse_definition
from safar.journeys.kinds import Action, Queue
from safar.journeys.models import Journey, Version
from safar.journeys.reckoning.lift import LEAST
from safar.journeys.reckoning.variants import Comparison, VariantCounts, compare_variants, read_variants
from safar.journeys.services import catalog_of
from safar.lib.faults import Refused
from safar.lib.thrifty import Thrifty
from safar.outbox.rows import SENT

_STANDING = """
SELECT place, count(*), min(since), min(wake_at) FROM enrollment WHERE version_id = %s AND state = 0 GROUP BY 1
"""
_MESSAGES = """
SELECT point_key, state, reason, CASE WHEN delivered_at IS NULL THEN undelivered END, count(*), count(delivered_at), count(undelivered_at), count(opened_at), count(clicked_at), count(unsubscribed_at),
    count(*) FILTER (WHERE channel = 'email')
FROM message WHERE journey_id = %s AND kind = 'message' GROUP BY 1, 2, 3, 4
"""
_WAITING = """
SELECT effect ->> 'point', count(*), count(*) FILTER (WHERE waits_for = 'budget') FROM outbox
WHERE workspace_id = %s AND journey_id = %s GROUP BY 1
"""
_OTHERS = """
SELECT v.number, count(*) FROM enrollment e JOIN journeys_version v ON v.id = e.version_id
WHERE e.journey_id = %s AND e.version_id <> %s AND e.state = 0 GROUP BY 1 ORDER BY 1
"""


class Shown(NamedTuple):
    """A version as far as its figures need it: what ``count_passages`` reads."""

    version_id: int
    definition: Definition
    layout: Layout


@dataclass(frozen=True)
class Living:
    """json: as figures.json has it."""

    json: dict[str, Any]


_living: Thrifty[Living] = Thrifty(least=1.0, most=120.0)


def living_figures(
    connection: psycopg.Connection[Any], workspace: Workspace, journey: Journey, version: Version
) -> Living:
    """Of one version of the journey, kept for as long as it costs. Raises Refused where its definition cannot be read any more."""
    return _living.get(version.pk, lambda: read_living(connection, workspace, journey, version))


def read_living(
    connection: psycopg.Connection[Any], workspace: Workspace, journey: Journey, version: Version
) -> Living:
    """The same, read now."""
    return Living(json.loads(json.dumps(_read(connection, workspace, journey, version), default=_plain)))


def shown_version(workspace: Workspace, version: Version) -> Shown:
    """The version, parsed once a process. Raises Refused where a segment that it names is gone."""
    try:
        return _shown(version.pk, version.definition, workspace)
    except Refused:
        _shown.cache_clear()
        raise


@lru_cache(maxsize=256)
def _shown(version_id: int, text: str, workspace: Workspace) -> Shown:
    definition = parse_definition(text, catalog_of(workspace))
    return Shown(version_id, definition, Layout(definition))


def _read(
    connection: psycopg.Connection[Any], workspace: Workspace, journey: Journey, version: Version
) -> dict[str, Any]:
    shown = shown_version(workspace, version)
    with connection.transaction():  # one snapshot, so that the books close on the page as well
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        figures = read_figures(connection, shown)
        standing = connection.execute(_STANDING, (version.pk,)).fetchall()
        messages = connection.execute(_MESSAGES, (journey.pk,)).fetchall()
        waiting = {key: rest for key, *rest in connection.execute(_WAITING, (workspace.pk, journey.pk)).fetchall()}
        others = connection.execute(_OTHERS, (journey.pk, version.pk)).fetchall()
        compares = any(point.params.get("variants") for point in shown.definition.points)
        variants = read_variants(connection, journey.pk) if compares else {}
        queues = {one.key: queued for one in shown.definition.points if (queued := _queued(one))}
        tracked = tracking_of(connection, workspace.pk, [key for one in queues.values() for key in _templates(one)])
    found = figures.as_json()
    found["version"] = version.number
    found["standing"] = sum(point.standing for point in figures.points.values())
    found["other_versions"] = {str(number): people for number, people in others}
    points = shown.definition.points
    for place, _, oldest, due in standing:
        if place is not None and place < len(points):
            found["points"][points[place].key] |= {"oldest": oldest, "due": due}
    for point in points:
        if (queued := queues.get(point.key)) is None:
            continue
        told, watched = found["points"][point.key], [tracked[key] for key in _templates(queued)]
        told["messages"] = _messages(point.key, messages, waiting.get(point.key, [0, 0]), watched)
        if names := point.params.get("variants"):
            counts = variants.get(point.key, {})
            compared = compare_variants(
                point.params.get("metric", ""),
                [counts.get(name, VariantCounts(name)) for name in names],
                channel=queued.effect["channel"],
                goal=shown.definition.settings.goal,
                tracked=watched,
            )
            told["variants"] = _compared(compared)
    found["closes"] = closes(figures)
    return found


def _compared(compared: Comparison) -> dict[str, Any]:
    """points, low, high: of a hundred, by which the first is ahead of the nearest."""
    lines = [
        {"name": one.name, "sent": one.sent, "did": one.did(compared.metric).reached if compared.known else None}
        for one in compared.counts
    ]
    found: dict[str, Any] = {"metric": compared.metric, "lines": lines, "verdict": None, "least": LEAST}
    if compared.leading is not None:
        found |= {"verdict": compared.leading.verdict, "name": compared.leading.name}
        if lift := compared.leading.lift:
            found |= {"points": lift.difference * 100, "low": lift.low * 100, "high": lift.high * 100}
    return found


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def closes(figures: Figures) -> bool:
    """Whether entered = standing + gone + left + set aside + moved at every point, with nobody standing less than nobody."""
    return all(
        point.standing >= 0
        and point.entered
        == point.standing + sum(point.paths.values()) + sum(point.left.values()) + point.set_aside + point.moved
        for point in figures.points.values()
    )


def _queued(point: Point) -> Queue | None:
    """The message that the point sends; None where it sends none."""
    effect = point.kind.effect(point.params) if isinstance(point.kind, Action) else None
    return effect if isinstance(effect, Queue) and effect.kind == "message" else None


def _templates(queued: Queue) -> Sequence[str]:
    return queued.outgoing.templates if queued.outgoing else ()


def _messages(point: str, rows: list[Any], waiting: list[int], tracked: Sequence[Tracking]) -> dict[str, Any]:
    """Of all versions together: a message knows its point, not its version. None: no source says it; reactions are people's. undelivered: of those that were
    taken and did not arrive, why.
    """
    states: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    undelivered: dict[str, int] = defaultdict(int)
    delivered = reported = opened = clicked = unsubscribed = 0
    mailed = sent = 0
    for key, state, reason, why, n, arrived, lost, seen, pressed, gone, by_mail in rows:
        if key == point:
            states[state][reason or ""] += n
            if why:
                undelivered[why] += n
            delivered, reported = delivered + arrived, reported + arrived + lost
            opened, clicked, unsubscribed = opened + seen, clicked + pressed, unsubscribed + gone
            if state in SENT:
                sent, mailed = sent + n, mailed + by_mail
    return {
        "sent": sent,
        "skipped": dict(states["skipped"]),
        "failed": dict(states["failed"]),
        "in_doubt": sum(states["in_doubt"].values()),
        "waiting": waiting[0],
        "over_budget": waiting[1],
        "delivered": delivered if reported else None,
        "undelivered": dict(undelivered),
        "opened": opened if opened or (mailed and any(one.opens for one in tracked)) else None,
        "clicked": clicked if clicked or (sent and any(one.clicks for one in tracked)) else None,
        "unsubscribed": unsubscribed if unsubscribed or sent else None,
    }
