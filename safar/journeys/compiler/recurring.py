"""Watches of states that come round again: what is armed is one occasion, by its number; once matched, the next one is."""

from __future__ import annotations

from safar.journeys.compiler.tables import CONTACT
from safar.journeys.compiler.text import array, hints, sql, text
from safar.journeys.definition.model import Start
from safar.journeys.kinds import RecurringStart
from safar.segments.reading import Reading


def compile_recurring(start: Start, journey_id: int, workspace_id: int, reading: Reading, soon: str) -> tuple[str, str]:
    """(on_event, on_timer) as compiler/arming.py has them. reading: its clock is t.at; soon: INSERT into due from ``armed``.

    The mark in contact_watch is the number of the armed occasion. A change of what the occasions come from arms the first one that
    is not past; a change of the zone alone keeps the number, so that nobody has the same birthday twice by travelling.
    """
    kind, params = start.kind, start.params
    assert isinstance(kind, RecurringStart)
    watch_id = journey_id * 4 + start.index
    reads = kind.reads(params)
    watch = f"contact_watch w ON w.bucket = t.bucket AND w.contact_id = t.contact_id AND w.kind = 1 AND w.watch_id = {watch_id}"
    first, after = (text(kind.coming(params, reading, included=included)) for included in (True, False))
    number = f"""CASE WHEN NOT t.tokens && {array(reads)} AND w.due_at IS NOT NULL THEN w.mark::integer
            WHEN t.kind = 1 THEN {first} ELSE {after} END"""  # what a point sets to this very instant is past
    following = text(kind.following(params, reading, sql("w.mark::integer")))
    moment = text(kind.moment(params, reading, sql("o.number")))
    on_event = f"""
    WITH r AS (
        SELECT t.contact_id, t.bucket, t.at, o.number, {moment} AS due, w.due_at AS armed, w.mark AS marked
        FROM turn t {CONTACT} LEFT JOIN {watch}
        CROSS JOIN LATERAL (SELECT {number} AS number OFFSET 0) o
        WHERE t.kind < 2 AND t.workspace_id = {workspace_id} AND t.tokens && {array(reads | {"*"})}),
    v AS (SELECT r.contact_id, r.bucket, CASE WHEN r.due IS NOT NULL THEN greatest(r.due, r.at) END AS due,
            CASE WHEN r.due IS NOT NULL THEN r.number::text END AS mark, r.armed, r.marked FROM r),
    w AS (SELECT * FROM v WHERE due IS DISTINCT FROM armed OR mark IS DISTINCT FROM marked),
    wrote AS (INSERT INTO contact_watch (bucket, contact_id, kind, watch_id, due_at, mark)
        SELECT bucket, contact_id, 1, {watch_id}, due, mark FROM w
        ON CONFLICT (bucket, contact_id, kind, watch_id) DO UPDATE SET due_at = EXCLUDED.due_at, mark = EXCLUDED.mark),
    armed AS (SELECT contact_id, due FROM w WHERE due IS NOT NULL),
    soon AS ({soon}), later AS ({hints("armed", "s.due")})
    SELECT 0, (SELECT count(*) FROM soon)"""
    on_timer = f"""
    WITH r AS (
        SELECT t.contact_id, t.bucket, o.number, {moment} AS due
        FROM turn t JOIN {watch} AND w.due_at = t.at {CONTACT}
        CROSS JOIN LATERAL (SELECT {following} AS number OFFSET 0) o
        WHERE t.grp = 2 AND t.a = {journey_id} AND t.b = {start.index}),
    wrote AS (UPDATE contact_watch w SET due_at = r.due, mark = CASE WHEN r.due IS NOT NULL THEN r.number::text END
        FROM r WHERE w.bucket = r.bucket AND w.contact_id = r.contact_id AND w.kind = 1 AND w.watch_id = {watch_id}),
    armed AS (SELECT contact_id, due FROM r WHERE due IS NOT NULL),
    soon AS ({soon}), later AS ({hints("armed", "s.due")}),
    now AS (INSERT INTO start_now (contact_id, journey_id, start) SELECT contact_id, {journey_id}, {start.index} FROM r RETURNING 1)
    SELECT (SELECT count(*) FROM now), (SELECT count(*) FROM soon)"""
    return on_event, on_timer
