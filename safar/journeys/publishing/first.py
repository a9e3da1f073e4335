"""What happens first when a draft is published: who comes in at once, who by a date and when the first of them, who by what they do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import psycopg
from psycopg.sql import SQL, Literal

from safar.accounts.models import Workspace
from safar.journeys.definition.model import Definition
from safar.journeys.kinds import EventStart, StateStart
from safar.journeys.models import Journey
from safar.segments.people import EVERYBODY
from safar.segments.services import read_segments, reading_now

_DUE = SQL(
    "SELECT min(d.due) FILTER (WHERE d.due > {at}) FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    " CROSS JOIN LATERAL (SELECT {due} AS due OFFSET 0) d WHERE {who}"
)
_WAKE = """
SELECT e.wake_at FROM enrollment e
WHERE e.journey_id = %s AND e.state = 0 AND e.wake_at IS NOT NULL ORDER BY 1 LIMIT 1
"""


@dataclass(frozen=True)
class Coming:
    """A starting point. at: when the first contact is due by it, for what becomes true by time; None: nobody is, or it took too long to find out."""

    key: str
    by_time: bool
    at: datetime | None = None


@dataclass(frozen=True)
class First:
    """starts: in the order of the map. timer: when the next of those on the road goes on by time."""

    starts: list[Coming] = field(default_factory=list)
    timer: datetime | None = None


def look_first(
    connection: psycopg.Connection[Any],
    workspace: Workspace,
    journey: Journey,
    definition: Definition,
    *,
    seconds: float = 1.0,
) -> First:
    """connection: autocommit, no transaction open; a starting point that takes longer than ``seconds`` is given without its moment."""
    reading = replace(reading_now(connection, workspace, read_segments(workspace)), journey=definition.key)
    starts = []
    for start in definition.starts:
        if isinstance(start.kind, EventStart):
            starts.append(Coming(start.key, by_time=False))
        elif isinstance(start.kind, StateStart) and not start.kind.by_publishing(start.params):
            due = start.kind.due(start.params, reading)
            statement = _DUE.format(at=reading.at, due=due, who=EVERYBODY.format(Literal(workspace.pk)))
            starts.append(Coming(start.key, by_time=True, at=_soon(connection, statement.as_string(None), seconds)))
    row = connection.execute(_WAKE, (journey.pk,)).fetchone()
    return First(starts, row[0] if row else None)


def _soon(connection: psycopg.Connection[Any], statement: str, seconds: float) -> datetime | None:
    try:
        with connection.transaction():
            connection.execute("SELECT set_config('statement_timeout', %s, true)", (str(int(seconds * 1000)),))
            row = connection.execute(statement.encode()).fetchone()
    except psycopg.errors.QueryCanceled:
        return None
    return row[0] if row else None
