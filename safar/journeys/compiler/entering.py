"""Statements of step 4: whom the round's event or timer brings into a journey, and who is refused, by reason; and whom a publishing does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from safar.journeys.compiler.moments import after
from safar.journeys.compiler.tables import CAUSED, CONTACT, ENTERED, HELD_OUT, MOVER, REFUSALS, REFUSED, count_rows
from safar.journeys.compiler.text import array, hints, js, lit, sql, text
from safar.journeys.compiler.watching import goal_until
from safar.journeys.definition.model import Definition, Goal, Start
from safar.journeys.kinds import EventStart, StateStart
from safar.lib.durations import Duration
from safar.segments.reading import Reading


@dataclass(frozen=True)
class Entering:
    """match: fills ``entrant``, one row (entrants, re-entries); enter: writes them, one row (movers, told, due soon).

    tokens: an event must bear one of them. watches: the starting points that are states. already: as match, of those in turn who match
    already at a publishing: asked for it or not; None where nobody can.
    """

    match: str
    enter: str
    tokens: frozenset[str]
    watches: frozenset[int]
    already: Mapping[bool, str | None]


def compile_entering(
    definition: Definition,
    journey_id: int,
    version_id: int,
    workspace_id: int,
    reading: Reading,
    start_target: dict[int, int],
    *,
    paused: bool,
    tells: bool,
) -> Entering:
    """start_target: number of the starting point → index of its first point, -1 where the map ends at once.

    A starting point's number is also the number of its stretch.
    """
    reading = replace(reading, at=sql("t.at"), entry_seq=sql("t.seq"), since_seq=sql("t.seq"))
    tokens = frozenset[str]().union(
        *(start.kind.sets_off(start.params) for start in definition.starts if isinstance(start.kind, EventStart))
    )
    watches = frozenset(start.index for start in definition.starts if isinstance(start.kind, StateStart))
    match = _match(definition, journey_id, workspace_id, reading, tokens, paused=paused, watches=bool(watches))
    already = {
        asked: _match_already(definition, journey_id, workspace_id, reading, paused=paused, asked=asked)
        for asked in (False, True)
    }
    enter = _enter(definition, journey_id, version_id, start_target, tells=tells)
    return Entering(match, enter, tokens, watches, already)


def _match(
    definition: Definition,
    journey_id: int,
    workspace_id: int,
    reading: Reading,
    tokens: frozenset[str],
    *,
    paused: bool,
    watches: bool,
) -> str:
    whens = " ".join(f"WHEN {_matches(start, journey_id, reading)} THEN {start.index}" for start in definition.starts)
    entries = " ".join(f"WHEN {start.index} THEN {_entry(start, reading)}" for start in definition.starts)
    heard = f"t.tokens && {array(tokens)}" if tokens else "FALSE"
    if watches:
        heard = f"({heard} OR EXISTS (SELECT FROM start_now x WHERE x.contact_id = t.contact_id AND x.journey_id = {journey_id}))"
    return _found(definition, journey_id, workspace_id, reading, whens, entries, heard, paused=paused)


def _match_already(
    definition: Definition, journey_id: int, workspace_id: int, reading: Reading, *, paused: bool, asked: bool
) -> str | None:
    """The first starting point on the map that holds already takes them, with its filter and all else as ever."""
    whens, entries = [], []
    for start in definition.starts:
        holds = start.kind.already(start.params, reading)
        if holds is None or not (asked or start.kind.by_publishing(start.params)):
            continue
        entry = text(start.kind.already_entry(start.params, reading))
        parts = [text(holds)]
        if start.filter is not None:
            parts.append(text(start.filter.holds(replace(reading, entry=sql(f"({entry})")))))
        whens.append(f"WHEN {' AND '.join(f'({part})' for part in parts)} THEN {start.index}")
        entries.append(f"WHEN {start.index} THEN {entry}")
    if not whens:
        return None
    return _found(
        definition, journey_id, workspace_id, reading, " ".join(whens), " ".join(entries), "TRUE", paused=paused
    )


def _found(
    definition: Definition,
    journey_id: int,
    workspace_id: int,
    reading: Reading,
    whens: str,
    entries: str,
    heard: str,
    *,
    paused: bool,
) -> str:
    """Fills entrant. whens, entries: of a CASE that gives the starting point's number, and of one over that; heard: who is asked at all."""
    settings = definition.settings
    entry_reading = replace(reading, entry=sql("y.entry"), from_entry=True)
    leave = text(settings.exit_when.holds(entry_reading)) if settings.exit_when is not None else "FALSE"
    turn = settings.exit_when.flip(entry_reading) if settings.exit_when is not None else None
    if isinstance(settings.reentry, Duration):
        again = f"{after('e.entered_at', settings.reentry, reading)} <= t.at"
    else:
        again = "TRUE" if settings.reentry == "always" else "FALSE"
    refused = {
        "no_value": "o.one_per IS NULL",
        "paused": "TRUE" if paused else "FALSE",
        "left_by_this_event": f"EXISTS (SELECT FROM left_now l WHERE l.contact_id = t.contact_id AND l.journey_id = {journey_id})",
        "inside": f"e.state = 0 OR {_held(settings.goal)}",
        "reentry": f"e.id IS NOT NULL AND NOT ({again})",
        "exit_when": leave,
    }
    verdict = " ".join(f"WHEN {condition} THEN {REFUSALS.index(reason)}" for reason, condition in refused.items())
    held = (
        f"safar_share(c.key || {lit('|' + definition.key + '|control')}) * 100 < {settings.control_group}"
        if settings.control_group
        else "FALSE"
    )
    return f"""
    WITH found AS (
        INSERT INTO entrant (contact_id, bucket, workspace_id, at, hops, seq, start, entry, one_per, refused, enrollment_id, entry_no,
            past, held, flip, goal_until, late)
        SELECT t.contact_id, t.bucket, t.workspace_id, t.at, t.hops, t.seq, s.start, y.entry, coalesce(o.one_per, ''), v.refused,
            coalesce(e.id, nextval('enrollment_number')), coalesce(e.entry_no, 0) + 1, e.id IS NOT NULL, v.refused IS NULL AND {held},
            (CASE WHEN v.refused IS NULL THEN {text(turn)} END)::timestamptz, {goal_until(definition, "t.at", reading)}, t.late
        FROM turn t {CONTACT}
        CROSS JOIN LATERAL (SELECT CASE {whens} END AS start OFFSET 0) s
        CROSS JOIN LATERAL (SELECT CASE s.start {entries} END AS entry OFFSET 0) y
        CROSS JOIN LATERAL (SELECT {_one_per(settings.one_per)} AS one_per OFFSET 0) o
        LEFT JOIN enrollment e ON e.bucket = t.bucket AND e.contact_id = t.contact_id AND e.journey_id = {journey_id} AND e.one_per = o.one_per
        CROSS JOIN LATERAL (SELECT CASE {verdict} END AS refused OFFSET 0) v
        WHERE t.enters AND t.workspace_id = {workspace_id} AND {heard} AND s.start IS NOT NULL
        RETURNING refused, past)
    SELECT count(*), count(*) FILTER (WHERE past AND refused IS NULL) FROM found"""


def _held(goal: Goal | None) -> str:
    """Whether a held-out trip still stands in the way: until its window is over; without one it ended at once.

    Timers of enrollments come before those of starting points, events before both.
    """
    if goal is None or goal.within is None:
        return "FALSE"
    return "(e.state = 4 AND (t.at < e.ended_at OR (t.at = e.ended_at AND t.kind < 2)))"


def _matches(start: Start, journey_id: int, reading: Reading) -> str:
    kind = start.kind
    if isinstance(kind, EventStart):
        parts = [
            f"t.kind < 2 AND t.tokens && {array(kind.sets_off(start.params))}",
            text(kind.matches(start.params, reading)),
        ]
    else:
        parts = [
            f"EXISTS (SELECT FROM start_now x WHERE x.contact_id = t.contact_id AND x.journey_id = {journey_id} AND x.start = {start.index})"
        ]
        besides = kind.besides(start.params, reading) if isinstance(kind, StateStart) else None
        if besides is not None:
            parts.append(text(besides))
    if start.filter is not None:
        own = replace(reading, entry=sql(f"({_entry(start, reading)})"))
        parts.append(text(start.filter.holds(own)))
    return "(" + " AND ".join(f"({part})" for part in parts) + ")"


def _entry(start: Start, reading: Reading) -> str:
    assert isinstance(start.kind, EventStart | StateStart)
    return text(start.kind.entry(start.params, reading))


def _one_per(name: str | None) -> str:
    """Canonical text: a folded text quoted, a number in its shortest form; NULL where there is no value."""
    if name is None:
        return "''"
    value = f"(y.entry -> {lit(name)})"
    return (
        f"CASE jsonb_typeof({value}) WHEN 'string' THEN to_json(safar_fold(y.entry ->> {lit(name)}))::text"
        f" WHEN 'number' THEN trim_scale(({value})::numeric)::text WHEN 'boolean' THEN {value}::text END"
    )


def _enter(
    definition: Definition, journey_id: int, version_id: int, start_target: dict[int, int], *, tells: bool
) -> str:
    goal = definition.settings.goal
    target = "CASE s.start " + " ".join(f"WHEN {start} THEN {point}" for start, point in start_target.items()) + " END"
    key = lit(definition.key)
    told = (
        f"""INSERT INTO caused (ord, {CAUSED})
        SELECT nextval('caused_order'), s.contact_id, s.bucket, s.workspace_id, 'journey_entered', {js({"journey": definition.key})},
            ARRAY['event:journey_entered', {lit("journey:" + definition.key)}], NULL::text[], NULL::text[], NULL::jsonb, NULL::jsonb, s.hops + 1, FALSE,
            s.at, {key}, {journey_id}, FALSE FROM entered s RETURNING 1"""
        if tells
        else "SELECT 1 WHERE FALSE"
    )
    ended = "s.goal_until" if goal is not None and goal.within is not None else "s.at"
    columns = (
        "bucket, contact_id, journey_id, one_per, id, workspace_id, version_id, entry_no, starting_point, state, place, hops, entered_at,"
        " entry_seq, since, since_seq, wake_at, flip_at, exit_flip_at, held_at, ended_at, reason, goal_until, goal_at, goal_money,"
        " trail_moved, trail"
    )
    renewed = ", ".join(
        f"{name} = EXCLUDED.{name}"
        for name in columns.replace("\n", " ").split(", ")
        if name not in ("bucket", "contact_id", "journey_id", "one_per")
    )
    return f"""
    WITH entered AS (SELECT * FROM entrant WHERE refused IS NULL),
    past AS (INSERT INTO enrollment_past SELECT e.*, e.trail_moved FROM entered s JOIN enrollment e
        ON e.bucket = s.bucket AND e.contact_id = s.contact_id AND e.journey_id = {journey_id} AND e.one_per = s.one_per WHERE s.past),
    placed AS (INSERT INTO enrollment ({columns})
        SELECT s.bucket, s.contact_id, {journey_id}, s.one_per, s.enrollment_id, s.workspace_id, {version_id}, s.entry_no, s.start,
            CASE WHEN s.held THEN 4 ELSE 0 END, NULL, s.hops, s.at, s.seq, s.at, s.seq, NULL, NULL, CASE WHEN NOT s.held THEN s.flip END, NULL,
            CASE WHEN s.held THEN {ended} END, NULL, s.goal_until, NULL, NULL, 0, '{{}}'
        FROM entered s ON CONFLICT (bucket, contact_id, journey_id, one_per) DO UPDATE SET {renewed}),
    entries AS (INSERT INTO enrollment_entry (bucket, enrollment_id, entry_no, properties)
        SELECT bucket, enrollment_id, entry_no, coalesce(entry, '{{}}') FROM entered),
    inside AS ({count_rows(version_id, ENTERED, "s.start", "(SELECT * FROM entered WHERE NOT held)")}),
    outside AS ({count_rows(version_id, HELD_OUT, "s.start", "(SELECT * FROM entered WHERE held)")}),
    refusals AS ({count_rows(version_id, REFUSED, "s.refused", "(SELECT * FROM entrant WHERE refused IS NOT NULL)")}),
    told AS ({told}),
    soon AS (INSERT INTO due (contact_id, at, grp, a, b, c, one_per) SELECT s.contact_id, s.flip, 1, {journey_id}, s.enrollment_id, 0, s.one_per
        FROM entered s WHERE NOT s.held AND s.flip < (SELECT horizon FROM tick) RETURNING 1),
    later AS ({hints("(SELECT * FROM entered WHERE NOT held AND flip IS NOT NULL)", "s.flip")}),
    m AS (INSERT INTO mover ({MOVER})
        SELECT s.contact_id, s.bucket, {journey_id}, s.one_per, s.enrollment_id, s.workspace_id, {version_id}, s.entry_no, s.at, s.seq, NULL,
            s.start, {target}, s.at, s.hops, s.seq, TRUE FROM entered s WHERE NOT s.held RETURNING 1)
    SELECT (SELECT count(*) FROM m), (SELECT count(*) FROM told), (SELECT count(*) FROM soon)"""
