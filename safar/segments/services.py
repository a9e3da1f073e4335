"""Segments: stored, listed, counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.sql import SQL, Literal

from safar.accounts.models import Workspace
from safar.lib.faults import Fault, Faults, Refused, said
from safar.segments.models import Segment
from safar.segments.parse import parse_segments
from safar.segments.reading import Condition, Reading


def apply_segments(workspace: Workspace, segments: Mapping[str, Any]) -> list[str]:
    """Stores conditions (key → condition, or {condition, title}); they are checked together with those that are there.

    Returns the keys that changed. Raises Refused with every fault.
    """
    given = {key: s if isinstance(s, Mapping) and "condition" in s else {"condition": s} for key, s in segments.items()}
    written = {**written_segments(workspace), **{key: s["condition"] for key, s in given.items()}}
    faults = Faults("segments")
    parse_segments(written, faults)
    if faults:
        raise Refused(faults)
    changed = []
    for key, value in given.items():
        text = json.dumps(value["condition"], ensure_ascii=False)
        segment, made = Segment.objects.get_or_create(
            workspace=workspace, key=key, defaults={"condition": text, "title": value.get("title") or {}}
        )
        if made or segment.condition != text or (value.get("title") and segment.title != value["title"]):
            segment.condition, segment.title = text, value.get("title") or segment.title
            segment.save()
            changed.append(key)
    return changed


def written_segments(workspace: Workspace) -> dict[str, Any]:
    """key → condition as it was written, in the order of segments."""
    rows = Segment.objects.filter(workspace=workspace).order_by("id").values_list("key", "condition")
    return {key: json.loads(condition) for key, condition in rows}


def read_segments(workspace: Workspace) -> dict[str, Condition]:
    """key → condition, those that can be read."""
    return parse_segments(written_segments(workspace), Faults())


def count_segment(connection: psycopg.Connection[Any], workspace: Workspace, key: str) -> int:
    """How many contacts meet the segment's condition now. Raises Refused where there is no such segment."""
    conditions = read_segments(workspace)
    if key not in conditions:
        raise Refused(
            [Fault("segment", said("there is no segment '%(key)s' in %(slug)s", key=key, slug=workspace.slug))]
        )
    statement = SQL(
        "SELECT count(*) FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
        " WHERE c.workspace_id = {} AND c.created_at IS NOT NULL AND c.merged_into IS NULL AND {}"
    ).format(Literal(workspace.pk), conditions[key].holds(reading_now(connection, workspace, conditions)))
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0


def reading_now(
    connection: psycopg.Connection[Any], workspace: Workspace, conditions: Mapping[str, Condition]
) -> Reading:
    """A reading of everybody's facts at the present moment."""
    now = connection.execute("SELECT now()").fetchone()
    journeys = connection.execute(
        "SELECT key, id FROM journeys_journey WHERE workspace_id = %s", (workspace.pk,)
    ).fetchall()
    return Reading(
        at=SQL("{}::timestamptz").format(Literal(now[0].isoformat() if now else "now")),
        zone=SQL("coalesce(c.zone, {})").format(Literal(workspace.zone)),
        calendar=workspace.calendar,
        segments=conditions,
        journeys=dict(journeys),
    )
