"""The statements that move people from one version of a journey to another: who stands where by which way, and the move of a lane."""

from __future__ import annotations

from dataclasses import replace

from safar.journeys.compiler.tables import ENTRY, MOVED_IN, MOVED_OUT, count_rows
from safar.journeys.compiler.text import ARRIVED, HORIZON, LANE, hints, sql, text
from safar.journeys.compiler.version import Version
from safar.journeys.kinds import Park, outgoing

# The way somebody came: for each version they walked by, its id and the codes of its stretches, as version:code,code;version:code…
_WAY = """coalesce((SELECT string_agg(p.version_id || ':' || array_to_string(ARRAY(
        SELECT p.trail[i] FROM generate_series(2, cardinality(p.trail), 2) i), ','), ';' ORDER BY p.part) || ';'
        FROM enrollment_past p WHERE e.trail_moved > 0 AND p.bucket = e.bucket AND p.contact_id = e.contact_id AND p.journey_id = e.journey_id
            AND p.one_per = e.one_per AND p.entry_no = e.entry_no AND p.part < e.trail_moved), '')
    || e.version_id || ':' || array_to_string(ARRAY(SELECT e.trail[i] FROM generate_series(2, cardinality(e.trail), 2) i), ',')"""
STANDING = f"""
SELECT b.lane, e.place, w.way, count(*)
FROM bucket_lane b JOIN enrollment e ON e.bucket = b.bucket CROSS JOIN LATERAL (SELECT {_WAY} AS way OFFSET 0) w
WHERE e.version_id = %(version)s AND e.state = 0 AND e.place IS NOT NULL GROUP BY 1, 2, 3
"""
_KEY = "e.bucket = w.bucket AND e.contact_id = w.contact_id AND e.journey_id = w.journey_id AND e.one_per = w.one_per"


def compile_moving(old: Version, new: Version, *, anew: bool) -> str:
    """Moves whoever stands in the tick's lane at a place and came by a way that the scratch table allowed_way names. Returns (moved,).

    Conditions that people wait for, and exit_when, are read at once by the new version's words: their hints are due now.
    """
    waiting = [p.index for p in new.definition.points if _waits(new, p.index)]
    flip = f"CASE WHEN target IN ({', '.join(map(str, waiting))}) THEN {HORIZON} END" if waiting else "NULL"
    leave = HORIZON if new.definition.settings.exit_when is not None else "NULL"
    return f"""
    WITH here AS MATERIALIZED (
        SELECT e.bucket, e.contact_id, e.journey_id, e.one_per, e.place, e.trail_moved, greatest(cardinality(e.trail), 2) AS length, e.since,
            (extract(epoch FROM {HORIZON} - e.entered_at) * 1000000)::bigint AS micros, e.wake_at, e.entry_no, e.id, md5({_WAY})::uuid AS way
        FROM bucket_lane b JOIN enrollment e ON e.bucket = b.bucket
        WHERE b.lane = {LANE} AND e.version_id = {old.version_id} AND e.state = 0),
    who AS MATERIALIZED (
        SELECT e.*, a.target, {_wake(new) if anew else "e.wake_at"} AS wake, ({flip.replace("target", "a.target")})::timestamptz AS flip,
            ({leave})::timestamptz AS leave, {HORIZON} AS at
        FROM here e JOIN allowed_way a ON a.place = e.place AND a.way = e.way
        JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id
        LEFT JOIN contact_facts f ON f.bucket = e.bucket AND f.contact_id = e.contact_id {ENTRY}),
    past AS (INSERT INTO enrollment_past SELECT e.*, e.trail_moved FROM who w JOIN enrollment e ON {_KEY}),
    moved AS (
        UPDATE enrollment e SET version_id = {new.version_id}, place = w.target, trail_moved = w.trail_moved + w.length,
            trail = ARRAY[w.micros, ({ARRIVED}::bigint << 48) | w.target], wake_at = w.wake, flip_at = w.flip, exit_flip_at = w.leave
        FROM who w WHERE {_KEY} AND e.state = 0),
    gone AS ({count_rows(old.version_id, MOVED_OUT, "s.place", "who")}),
    come AS ({count_rows(new.version_id, MOVED_IN, "s.target", "who")}),
    soon AS ({hints("who", "least(s.wake, s.flip, s.leave)")})
    SELECT count(*) FROM who"""


def compile_due(old: Version, new: Version) -> str:
    """If waiting were reckoned anew by the new version's points: (place, people whose time would be over, the next whose would be) of
    those who stand where both versions have the same point. Parameter: now."""
    found = {point.key: point for point in new.definition.points}
    same = [
        f"({point.index}, {found[point.key].index})"
        for point in old.definition.points
        if point.key in found and found[point.key].kind.key == point.kind.key and isinstance(point.kind, Park)
    ]
    return f"""
    SELECT a.place, count(*) FILTER (WHERE w.wake <= %(now)s), min(w.wake) FILTER (WHERE w.wake > %(now)s)
    FROM (VALUES {", ".join(same) or "(-1, -1)"}) a (place, target) JOIN enrollment e ON e.place = a.place
    JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id
    LEFT JOIN contact_facts f ON f.bucket = e.bucket AND f.contact_id = e.contact_id {ENTRY}
    CROSS JOIN LATERAL (SELECT {_wake(new)} AS wake OFFSET 0) w
    WHERE e.version_id = {old.version_id} AND e.state = 0 GROUP BY 1"""


def _waits(version: Version, index: int) -> bool:
    point = version.definition.points[index]
    return isinstance(point.kind, Park) and point.kind.awaits(point.params).condition is not None


def _wake(new: Version) -> str:
    """When the waiting that began at ``since`` is over, by the new version's points."""
    reading = replace(new.reading, at=sql("e.since"), entry=sql("n.properties"))
    whens = [
        f"WHEN {p.index} THEN {text(p.kind.wake_at(p.params, reading))}"
        for p in new.definition.points
        if isinstance(p.kind, Park)
    ]
    # whoever stands before a message is looked at anew when they are woken: at once, or when they would be
    whens += [f"WHEN {p.index} THEN e.wake_at" for p in new.definition.points if outgoing(p.kind, p.params)]
    return f"CASE a.target {' '.join(whens)} END::timestamptz" if whens else "e.wake_at"
