"""What belongs to a workspace, table by table: which rows, and which columns hold numbers that are new elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OF_WORKSPACE = "t.workspace_id = %(workspace)s"
OF_CONTACT = (
    "EXISTS (SELECT FROM contact c WHERE c.bucket = t.bucket AND c.id = t.contact_id"
    " AND c.workspace_id = %(workspace)s)"
)
OF_JOURNEY = "t.journey_id IN (SELECT j.id FROM journeys_journey j WHERE j.workspace_id = %(workspace)s)"
OF_VERSION = (
    "t.version_id IN (SELECT v.id FROM journeys_version v JOIN journeys_journey j ON j.id = v.journey_id"
    " WHERE j.workspace_id = %(workspace)s)"
)
OF_ENROLLMENT = "t.enrollment_id IN (SELECT e.id FROM enrollment e WHERE e.workspace_id = %(workspace)s)"

OF_SOME_JOURNEY = f"{OF_WORKSPACE} AND t.journey_id <> 0"  # tests of a message are of none, and of the moment

WORKSPACE = {"workspace_id": "workspace"}
JOURNEY = {**WORKSPACE, "journey_id": "journey"}
VERSION = {**JOURNEY, "version_id": "version"}


@dataclass(frozen=True)
class Kept:
    """One table. which: condition over the row ``t``.

    spaces: column → whose number it holds (workspace, journey, version, segment), given anew on reading. owns: the
    space whose numbers this table's ``id`` gives; such tables stand before those that name them. made: column → SQL
    over the row ``r`` that is read. left_out: columns that are not kept.
    """

    table: str
    which: str
    spaces: Mapping[str, str] = field(default_factory=dict)
    owns: str = ""
    made: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()


def new_number(space: str, old: str) -> str:
    """SQL of the number that ``old`` (SQL over ``r``) has here; NULL for one that the archive does not hold."""
    return f"(SELECT a.new FROM archive_numbers a WHERE a.space = '{space}' AND a.old = {old})"


WATCHED = (
    f"CASE r.kind WHEN 0 THEN {new_number('segment', 'r.watch_id')}"
    f" ELSE {new_number('journey', 'r.watch_id / 4')} * 4 + r.watch_id % 4 END"
)
WHOLE_OR_JOURNEY = f"coalesce({new_number('journey', 'r.journey_id')}, 0)"
LANE = "(SELECT b.lane FROM bucket_lane b WHERE b.bucket = r.bucket)"

TABLES = (
    Kept("segments_segment", OF_WORKSPACE, {**WORKSPACE, "id": "segment"}, owns="segment"),
    Kept("content_template", OF_WORKSPACE, WORKSPACE, left_out=frozenset({"id"})),
    Kept("content_media", OF_WORKSPACE, WORKSPACE, left_out=frozenset({"id"})),
    Kept("journeys_journey", OF_WORKSPACE, {**WORKSPACE, "id": "journey"}, owns="journey"),
    Kept("journeys_version", OF_JOURNEY, {**JOURNEY, "id": "version"}, owns="version"),
    Kept("contact", OF_WORKSPACE, WORKSPACE),
    Kept("contact_facts", OF_CONTACT),
    Kept("purchase", OF_CONTACT),
    Kept("contact_tag", OF_CONTACT),
    Kept("consent", OF_CONTACT),
    Kept("consent_record", OF_WORKSPACE, WORKSPACE, made={"id": "nextval('consent_record_number')"}),
    Kept("identity", OF_WORKSPACE, WORKSPACE),
    Kept("suppression", OF_WORKSPACE, WORKSPACE),
    Kept("privacy", OF_WORKSPACE, WORKSPACE),
    Kept("right_request", OF_WORKSPACE, WORKSPACE, left_out=frozenset({"id"})),
    Kept("confirmation", OF_WORKSPACE, WORKSPACE, made={"id": "nextval('confirmation_number')"}),
    Kept("topic", OF_WORKSPACE, WORKSPACE),
    Kept("tag_title", OF_WORKSPACE, WORKSPACE),
    Kept("product", OF_WORKSPACE, WORKSPACE),
    Kept("exchange_rate", OF_WORKSPACE, WORKSPACE),
    Kept("event_name", OF_WORKSPACE, WORKSPACE),
    Kept("event", OF_WORKSPACE, WORKSPACE),
    Kept("inbox", OF_WORKSPACE, WORKSPACE, made={"id": "nextval('inbox_number')", "lane": LANE}),
    Kept("segment_member", OF_CONTACT, {"segment_id": "segment"}),
    Kept("enrollment", OF_WORKSPACE, VERSION),
    Kept("enrollment_past", OF_WORKSPACE, VERSION),
    Kept("enrollment_entry", OF_ENROLLMENT),
    Kept("contact_watch", OF_CONTACT, made={"watch_id": WATCHED}),
    Kept("passage_count", OF_VERSION, {"version_id": "version"}),
    Kept("set_aside", OF_CONTACT, {"version_id": "version"}),
    Kept("journey_loop", OF_JOURNEY, {"journey_id": "journey"}),
    Kept("outbox", OF_SOME_JOURNEY, JOURNEY),
    Kept("message", OF_SOME_JOURNEY, JOURNEY),
    Kept("mailbox", OF_WORKSPACE, WORKSPACE),
    Kept("sender", OF_WORKSPACE, WORKSPACE),
    Kept("quiet_hours", OF_WORKSPACE, WORKSPACE),
    Kept("frequency_cap", OF_WORKSPACE, WORKSPACE),
    Kept("form", OF_WORKSPACE, WORKSPACE),
    Kept("form_count", OF_WORKSPACE, WORKSPACE),
    Kept("form_answer", OF_WORKSPACE, WORKSPACE),
    Kept("sms_budget", OF_WORKSPACE, WORKSPACE, made={"journey_id": WHOLE_OR_JOURNEY}),
    Kept("occasion", OF_WORKSPACE, WORKSPACE),
    Kept("occasion_day", OF_WORKSPACE, WORKSPACE),
    Kept("blackout_day", OF_WORKSPACE, WORKSPACE),
    Kept("tracking", OF_WORKSPACE, WORKSPACE),
    Kept("webhook_subscription", OF_WORKSPACE, WORKSPACE, made={"active": "false"}),
    Kept("link", OF_WORKSPACE, WORKSPACE),
    Kept("reaction", OF_WORKSPACE, WORKSPACE),
)

# Not kept: short links (their codes are one installation's), keys and the audit log (of the installation), `seen` and timers (made anew from the log and what waits),
# circuits, notices and refused requests (of the moment).
SEQUENCES = {
    "contact_number": "SELECT max(id >> 10) FROM contact",
    "event_seq": "SELECT max(seq) FROM event",
    "enrollment_number": "SELECT max(id) FROM enrollment",
    "outbox_number": "SELECT greatest((SELECT max(id) FROM outbox), (SELECT max(id) FROM message), (SELECT max(message_id) FROM mailbox))",
}
