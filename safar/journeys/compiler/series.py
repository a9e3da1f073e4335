"""Watches of states that several things can be in at once: one moment is armed, the earliest; when it has come, the next one is."""

from __future__ import annotations

from safar.journeys.compiler.tables import CONTACT
from safar.journeys.compiler.text import array, hints, text
from safar.journeys.definition.model import Start
from safar.journeys.kinds import SeriesStart
from safar.segments.reading import Reading


def compile_series(start: Start, journey_id: int, workspace_id: int, reading: Reading, soon: str) -> tuple[str, str]:
    """(on_event, on_timer) as compiler/arming.py has them. reading: its clock is t.at; soon: INSERT into due from ``armed``.

    A moment that was armed and is not needed any more is left: its timer finds nothing. Nothing past is ever armed, so nothing comes twice.
    """
    kind, params = start.kind, start.params
    assert isinstance(kind, SeriesStart)
    watch_id = journey_id * 4 + start.index
    watch = f"contact_watch w ON w.bucket = t.bucket AND w.contact_id = t.contact_id AND w.kind = 1 AND w.watch_id = {watch_id}"
    first, after = (text(kind.coming(params, reading, included=included)) for included in (True, False))
    on_event = f"""
    WITH r AS (
        SELECT t.contact_id, t.bucket, {first} AS due, w.due_at AS was
        FROM turn t {CONTACT} LEFT JOIN {watch}
        WHERE t.kind < 2 AND t.workspace_id = {workspace_id} AND t.tokens && {array(kind.reads(params) | {"*"})}),
    armed AS (SELECT contact_id, bucket, due FROM r WHERE due < coalesce(was, 'infinity')),
    wrote AS (INSERT INTO contact_watch (bucket, contact_id, kind, watch_id, due_at) SELECT bucket, contact_id, 1, {watch_id}, due FROM armed
        ON CONFLICT (bucket, contact_id, kind, watch_id) DO UPDATE SET due_at = EXCLUDED.due_at),
    soon AS ({soon}), later AS ({hints("armed", "s.due")})
    SELECT 0, (SELECT count(*) FROM soon)"""
    on_timer = f"""
    WITH r AS (
        SELECT t.contact_id, t.bucket, coalesce({first} = t.at, FALSE) AS holds, {after} AS due
        FROM turn t JOIN {watch} AND w.due_at = t.at {CONTACT}
        WHERE t.grp = 2 AND t.a = {journey_id} AND t.b = {start.index}),
    wrote AS (UPDATE contact_watch w SET due_at = r.due FROM r
        WHERE w.bucket = r.bucket AND w.contact_id = r.contact_id AND w.kind = 1 AND w.watch_id = {watch_id}),
    armed AS (SELECT contact_id, due FROM r WHERE due IS NOT NULL),
    soon AS ({soon}), later AS ({hints("armed", "s.due")}),
    now AS (INSERT INTO start_now (contact_id, journey_id, start) SELECT contact_id, {journey_id}, {start.index} FROM r WHERE holds RETURNING 1)
    SELECT (SELECT count(*) FROM now), (SELECT count(*) FROM soon)"""
    return on_event, on_timer
