"""What became of every trip, as the language describes it (docs/journeys.md, "Back-test")."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.journeys.compiler.decode import decode_trail
from safar.journeys.compiler.version import Version

STATUS = ("open", "finished", "left", "set_aside", "held_out")

_TRIPS = """
SELECT e.version_id, e.contact_id, e.one_per, e.entry_no, e.starting_point, e.state, e.reason, e.entered_at, e.ended_at, e.goal_at,
    (SELECT jsonb_agg(jsonb_build_array(p.version_id, to_jsonb(p.trail)) ORDER BY p.part) FROM enrollment_past p
        WHERE e.trail_moved > 0 AND p.bucket = e.bucket AND p.contact_id = e.contact_id AND p.journey_id = e.journey_id AND p.one_per = e.one_per
        AND p.entry_no = e.entry_no AND p.part < e.trail_moved), e.trail, n.properties
FROM (SELECT *, trail_moved AS part FROM enrollment UNION ALL SELECT * FROM enrollment_past) e
LEFT JOIN enrollment_entry n ON n.bucket = e.bucket AND n.enrollment_id = e.id AND n.entry_no = 1 -- one_per as it came first
WHERE e.part = e.trail_moved AND (%(contact)s::bigint IS NULL OR (e.bucket = %(contact)s & 1023 AND e.contact_id = %(contact)s))
    AND NOT (e.state = 0 AND EXISTS (SELECT FROM enrollment o WHERE o.bucket = e.bucket AND o.contact_id = e.contact_id
        AND o.journey_id = e.journey_id AND o.one_per = e.one_per AND o.entry_no = e.entry_no AND o.trail_moved > e.trail_moved))
ORDER BY e.contact_id, e.journey_id, e.entered_at
"""


def read_trace(
    connection: psycopg.Connection[Any],
    versions: Mapping[int, Version],
    label: Callable[[int], str],
    contact: int | None = None,
) -> Iterator[dict[str, Any]]:
    """One mapping a trip. label: contact id → how it is shown. Times are ISO 8601 in UTC with microseconds."""
    with connection.cursor() as cursor:
        for row in cursor.execute(_TRIPS, {"contact": contact}):
            version_id, contact_id, _one_per, _no, start, state, reason, entered, ended, goal, before, trail, entry = (
                row
            )
            version = versions.get(version_id)
            if version is None:
                continue
            definition = version.definition
            ways = [*(before or []), (version_id, trail)]
            first = versions.get(ways[0][0])
            parts = [(versions[number].layout, codes) for number, codes in ways if number in versions]
            left = ended if STATUS[state] in ("left", "set_aside") else None
            name = definition.settings.one_per
            yield {
                "contact": label(contact_id),
                "journey": definition.key,
                "one_per": (entry or {}).get(name) if name else None,
                "starting_point": (first or version).definition.starts[start].key,
                "entered_at": show(entered),
                "status": STATUS[state],
                "reason": reason,
                "goal_at": show(goal),
                "passages": [
                    {
                        "point": p.point,
                        "arrived_at": show(p.arrived_at),
                        "left_at": show(p.left_at),
                        "path": p.path,
                    }
                    for p in decode_trail(parts, entered, left)
                ],
            }


def show(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with microseconds."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
