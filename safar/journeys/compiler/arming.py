"""Watches of contacts: starting points that are states, and segments. Read when concerned, and by one timer at the next flip."""

from __future__ import annotations

from dataclasses import dataclass, replace

from safar.journeys.compiler.recurring import compile_recurring
from safar.journeys.compiler.series import compile_series
from safar.journeys.compiler.tables import CAUSED, CONTACT
from safar.journeys.compiler.text import array, hints, js, lit, sql, text
from safar.journeys.definition.model import Start
from safar.journeys.kinds import RecurringStart, SeriesStart, StateStart
from safar.segments.reading import Condition, Reading

SEGMENT, START = 0, 1  # contact_watch.kind


@dataclass(frozen=True)
class Armed:
    """on_event: one row (matched or told, due soon); on_timer: the same. tokens: what calls for on_event."""

    on_event: str
    on_timer: str
    tokens: frozenset[str]


def compile_start(start: Start, journey_id: int, workspace_id: int, reading: Reading) -> Armed:
    """A starting point that is a state. What is matched goes to start_now."""
    kind, params = start.kind, start.params
    assert isinstance(kind, StateStart)
    reading = replace(reading, at=sql("t.at"))
    watch_id = journey_id * 4 + start.index
    reads = kind.reads(params)
    if isinstance(kind, RecurringStart):
        soon = _soon(2, journey_id, start.index, "armed")
        return Armed(*compile_recurring(start, journey_id, workspace_id, reading, soon), reads | {"*"})
    if isinstance(kind, SeriesStart):
        soon = _soon(2, journey_id, start.index, "armed")
        return Armed(*compile_series(start, journey_id, workspace_id, reading, soon), reads | {"*"})
    due, mark = text(kind.due(params, reading)), text(kind.mark(params, reading))
    watch = f"contact_watch w ON w.bucket = t.bucket AND w.contact_id = t.contact_id AND w.kind = {START} AND w.watch_id = {watch_id}"
    # exactly now is not past where an event from outside says it; what a point sets to now would else come round for ever
    ahead = "r.due > r.at OR (r.due = r.at AND r.outside)" if kind.includes_now else "r.due > r.at"
    known = "r.marked = r.mark" + (" AND r.zone_only" if kind.rearms else "")
    # an event of this very instant that is no news of it leaves it to its timer, which comes after it
    waiting = "WHEN r.due = r.at AND r.armed = r.at THEN 'wait'" if kind.at_once else ""
    past = "CASE WHEN r.enters THEN 'match' ELSE 'mark' END" if kind.at_once else ("'mark'" if kind.rearms else "'off'")
    keep = "r.armed <= r.due" if kind.lazy else "r.armed = r.due"
    mark_when_armed = "NULL" if kind.rearms else "v.marked"
    moved = "CASE v.verdict WHEN 'arm' THEN v.due WHEN 'now' THEN v.at END"
    on_event = f"""
    WITH r AS (
        SELECT t.contact_id, t.bucket, t.at, t.enters, t.kind = 1 AS outside, NOT (t.tokens && {array(reads)}) AS zone_only, ({due}) AS due, ({mark})::text AS mark,
            w.due_at AS armed, w.mark AS marked
        FROM turn t {CONTACT} LEFT JOIN {watch}
        WHERE t.kind < 2 AND t.workspace_id = {workspace_id} AND t.tokens && {array(reads | {"*"})}),
    v AS (SELECT r.*, CASE WHEN r.due IS NULL OR ({known}) THEN 'off' WHEN {ahead} THEN 'arm' {waiting}
            WHEN r.zone_only AND r.armed IS NOT NULL THEN 'now' ELSE {past} END AS verdict FROM r),
    w AS (SELECT * FROM v r WHERE CASE verdict WHEN 'arm' THEN NOT coalesce({keep}, FALSE) WHEN 'off' THEN r.armed IS NOT NULL ELSE verdict <> 'wait' END),
    wrote AS (INSERT INTO contact_watch (bucket, contact_id, kind, watch_id, due_at, mark)
        SELECT v.bucket, v.contact_id, {START}, {watch_id}, {moved},
            CASE v.verdict WHEN 'arm' THEN {mark_when_armed} WHEN 'match' THEN v.mark WHEN 'mark' THEN v.mark ELSE v.marked END
        FROM w v ON CONFLICT (bucket, contact_id, kind, watch_id) DO UPDATE SET due_at = EXCLUDED.due_at, mark = EXCLUDED.mark),
    armed AS (SELECT v.contact_id, {moved} AS due FROM w v WHERE v.verdict IN ('arm', 'now')),
    soon AS ({_soon(2, journey_id, start.index, "armed")}), later AS ({hints("armed", "s.due")}),
    now AS (INSERT INTO start_now (contact_id, journey_id, start) SELECT v.contact_id, {journey_id}, {start.index} FROM w v
        WHERE v.verdict = 'match' RETURNING 1)
    SELECT (SELECT count(*) FROM now), (SELECT count(*) FROM soon)"""
    on_timer = f"""
    WITH r AS (
        SELECT t.contact_id, t.bucket, t.at, ({due}) AS due, ({mark})::text AS mark, w.mark AS marked
        FROM turn t JOIN {watch} AND w.due_at = t.at {CONTACT}
        WHERE t.grp = 2 AND t.a = {journey_id} AND t.b = {start.index}),
    wrote AS (UPDATE contact_watch w SET due_at = CASE WHEN r.due > r.at THEN r.due END, mark = CASE WHEN r.due > r.at THEN r.marked ELSE r.mark END
        FROM r WHERE w.bucket = r.bucket AND w.contact_id = r.contact_id AND w.kind = {START} AND w.watch_id = {watch_id}),
    armed AS (SELECT contact_id, due FROM r WHERE due > at),
    soon AS ({_soon(2, journey_id, start.index, "armed")}), later AS ({hints("armed", "s.due")}),
    now AS (INSERT INTO start_now (contact_id, journey_id, start) SELECT contact_id, {journey_id}, {start.index} FROM r WHERE due <= at RETURNING 1)
    SELECT (SELECT count(*) FROM now), (SELECT count(*) FROM soon)"""
    return Armed(on_event, on_timer, reads | {"*"})


def compile_segment(key: str, segment_id: int, workspace_id: int, condition: Condition, reading: Reading) -> Armed:
    """A watched segment: keeps its members, tells who joined and who left."""
    reading = replace(reading, at=sql("t.at"))
    reads = condition.reads() | {"*"}
    holds, flip = text(condition.holds(reading)), text(condition.flip(reading))

    def statement(where: str, keep_armed: str) -> str:
        return f"""
        WITH r AS (
            SELECT t.contact_id, t.bucket, t.workspace_id, t.at, t.hops, t.late, l.holds, ({flip})::timestamptz AS flip, m.contact_id IS NOT NULL AS was, w.due_at AS armed
            FROM turn t {CONTACT}
            LEFT JOIN segment_member m ON m.bucket = t.bucket AND m.contact_id = t.contact_id AND m.segment_id = {segment_id}
            LEFT JOIN contact_watch w ON w.bucket = t.bucket AND w.contact_id = t.contact_id AND w.kind = {SEGMENT} AND w.watch_id = {segment_id}
            CROSS JOIN LATERAL (SELECT {holds} AS holds OFFSET 0) l
            WHERE {where}),
        joined AS (INSERT INTO segment_member (bucket, contact_id, segment_id, since)
            SELECT bucket, contact_id, {segment_id}, at FROM r WHERE holds AND NOT was),
        gone AS (DELETE FROM segment_member m USING r WHERE m.bucket = r.bucket AND m.contact_id = r.contact_id
            AND m.segment_id = {segment_id} AND r.was AND NOT r.holds),
        fresh AS (SELECT contact_id, bucket, flip AS due FROM r WHERE {keep_armed}),
        wrote AS (INSERT INTO contact_watch (bucket, contact_id, kind, watch_id, due_at)
            SELECT bucket, contact_id, {SEGMENT}, {segment_id}, due FROM fresh
            ON CONFLICT (bucket, contact_id, kind, watch_id) DO UPDATE SET due_at = EXCLUDED.due_at),
        armed AS (SELECT contact_id, due FROM fresh WHERE due IS NOT NULL),
        soon AS ({_soon(0, segment_id, 0, "armed")}), later AS ({hints("armed", "s.due")}),
        told AS (INSERT INTO caused (ord, {CAUSED})
            SELECT nextval('caused_order'), r.contact_id, r.bucket, r.workspace_id, n.name, {js({"segment": key})}, ARRAY['event:' || n.name],
                NULL::text[], NULL::text[], NULL::jsonb, NULL::jsonb, r.hops + 1, r.late, r.at, {lit("segment " + key)}, NULL::integer, FALSE
            FROM r CROSS JOIN LATERAL (SELECT CASE WHEN r.holds THEN 'segment_joined' ELSE 'segment_left' END AS name) n
            WHERE r.holds <> r.was RETURNING 1)
        SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM soon)"""

    on_event = statement(
        f"t.kind < 2 AND t.workspace_id = {workspace_id} AND (t.created OR t.tokens && {array(reads)})",
        "flip < coalesce(armed, 'infinity')",
    )
    # a timer that has fired is armed anew, or for good no more
    on_timer = statement(f"t.grp = 0 AND t.kind = 2 AND t.a = {segment_id} AND w.due_at = t.at", "TRUE")
    return Armed(on_event, on_timer, reads)


def _soon(group: int, a: int, b: int, source: str) -> str:
    return f"""INSERT INTO due (contact_id, at, grp, a, b, c, one_per) SELECT s.contact_id, s.due, {group}, {a}, {b}, 0, ''
        FROM {source} s WHERE s.due < (SELECT horizon FROM tick) RETURNING 1"""
