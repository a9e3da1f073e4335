"""The columns that compiled statements hand to each other through the engine's scratch tables (engine/scratch.sql)."""

from __future__ import annotations

from safar.events.names import NOTE_ADDED

MOVER = (
    "contact_id, bucket, journey_id, one_per, enrollment_id, workspace_id, version_id, entry_no, entered_at, entry_seq, from_place,"
    " stretch, target, at, hops, seq, fresh"
)
CAUSED = (
    "contact_id, bucket, workspace_id, name, properties, tokens, tags_added, tags_removed, traits_changed, consent, hops, late, at,"
    " cause, cause_journey, facts"
)
REFUSALS = ("no_value", "left_by_this_event", "inside", "reentry", "exit_when", "paused")
EXITS = (
    "goal",
    "exit_when",
    "merged",
    "erased",
    "by_hand",
    "archived",
    "unsubscribed",
    "leave_journey",
)  # an exit point writes its own words

# internal events of points about other journeys
SENT, TAKEN, NOTED = "sent_to_journey", "taken_from_journey", NOTE_ADDED

# reserved numbers in passage_count.stretch
ENTERED, HELD_OUT, REFUSED, LEAVING, SET_ASIDE, GOAL, MOVED_OUT, MOVED_IN = -1, -2, -3, -4, -5, -6, -7, -8

CONTACT = """JOIN contact c ON c.bucket = t.bucket AND c.id = t.contact_id
    LEFT JOIN contact_facts f ON f.bucket = t.bucket AND f.contact_id = t.contact_id"""
ENTRY = "LEFT JOIN enrollment_entry n ON n.bucket = e.bucket AND n.enrollment_id = e.id AND n.entry_no = e.entry_no"


def mover_row(stretch: str, target: str, fresh: str = "FALSE", hops: str = "t.hops") -> str:
    """SELECT list for MOVER over turn ``t`` and enrollment ``e``."""
    return (
        "e.contact_id, e.bucket, e.journey_id, e.one_per, e.id, e.workspace_id, e.version_id, e.entry_no, e.entered_at, e.entry_seq,"
        f" e.place, {stretch}, {target}, t.at, {hops}, t.seq, {fresh}"
    )


def count_rows(
    version_id: int, stretch: int, decisions: str, source: str, n: str = "count(*)", extra: str = "NULL::numeric"
) -> str:
    """INSERT into passage_count of the grouped rows of ``source`` s (with s.at)."""
    return f"""INSERT INTO passage_count (lane, version_id, stretch, decisions, hour, n, money)
        SELECT (SELECT lane FROM tick), {version_id}, {stretch}, {decisions}, date_bin('1 hour', s.at, 'epoch'), {n}, {extra}
        FROM {source} s GROUP BY 4, 5"""


def ended_rows(key_text: str, token_text: str, status: str, reason: str, source: str) -> str:
    """INSERT into caused: the ending of the trips in ``source`` s (contact_id, bucket, workspace_id, journey_id, id, hops, late, at)."""
    return f"""INSERT INTO caused (ord, {CAUSED})
        SELECT nextval('caused_order'), s.* FROM (SELECT s.contact_id, s.bucket, s.workspace_id, 'journey_ended',
            jsonb_build_object('journey', {key_text}::text, 'status', {status}::text, 'reason', {reason}::text),
            ARRAY['event:journey_ended', {token_text}], NULL::text[], NULL::text[], NULL::jsonb, NULL::jsonb, s.hops + 1, FALSE, s.at,
            {key_text}::text, s.journey_id, FALSE FROM {source} s ORDER BY s.contact_id, s.id) s RETURNING 1"""
