"""What can grow too old, each with what it counts and what it takes away. Everything is done bucket by bucket or in small numbers, each slice
a transaction of its own: whoever dies leaves the rest for the next one, and nobody waits long for a lock.

Facts stay right: orders and what is done to them, carts and notes are never taken (they are what facts of the shop are folded from, and what
members wrote). A condition over "so often in the last N days" reads events, so it sees only what is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

# By names: what facts, carts and occasions of orders are folded from again when something comes late, and what members wrote.
NEVER = (
    "Order Completed", "Order Corrected", "Order Refunded", "Order Cancelled", "Order Updated", "Product Added", "Product Removed", "Cart Viewed",
    "Cart Updated", "note_added",
)  # fmt: skip
BUCKETS = 1024


@dataclass(frozen=True)
class Kind:
    """setting: of `Privacy`; unit: months or days. sliced: done bucket by bucket. count, take: SQL over workspace, before and (sliced) low,
    high; take says how many it took by its row count, and of visitors who they are."""

    key: str
    setting: str
    unit: str
    sliced: bool
    count: str
    take: str


_EVENTS = "v.workspace_id = %(workspace)s AND v.bucket >= %(low)s AND v.bucket < %(high)s AND v.timestamp < %(before)s AND NOT v.name = ANY (%(never)s)"
_CONTENTS = """m.workspace_id = %(workspace)s AND m.bucket >= %(low)s AND m.bucket < %(high)s AND m.settled_at < %(before)s
    AND (m.body_text IS NOT NULL OR m.body_html IS NOT NULL OR m.subject IS NOT NULL OR m.address IS NOT NULL)"""
# Calls by which addresses were told of events: of no journey, so no books are kept of them, and one for each event there may be very many.
_CALLS = """m.workspace_id = %(workspace)s AND m.bucket >= %(low)s AND m.bucket < %(high)s AND m.kind = 'webhook' AND m.journey_id = 0
    AND m.settled_at < %(before)s"""
_NOTICES = "n.workspace_id = %(workspace)s AND n.bucket >= %(low)s AND n.bucket < %(high)s AND n.at < %(before)s"
_UNSEEN = """c.workspace_id = %(workspace)s AND c.bucket >= %(low)s AND c.bucket < %(high)s AND c.erased_at IS NULL AND c.merged_into IS NULL
    AND c.external_id IS NULL AND c.email IS NULL AND c.phone IS NULL AND c.created_at < %(before)s
    AND NOT EXISTS (SELECT FROM identity i WHERE i.contact_id = c.id AND i.workspace_id = c.workspace_id AND i.kind <> 2)
    AND coalesce(f.last_seen, c.created_at) < %(before)s AND coalesce(f.orders, 0) = 0
    AND NOT EXISTS (SELECT FROM enrollment e WHERE e.bucket = c.bucket AND e.contact_id = c.id AND e.state = 0)"""
_OLD_JOBS = """workspace_id = %(workspace)s AND finished_at < %(before)s AND jsonb_array_length(CASE WHEN jsonb_typeof(told -> 'refusals') = 'array'
    THEN told -> 'refusals' ELSE '[]' END) > 0"""

# Asked once more right before a visitor is erased: whoever has come back meanwhile, or is just coming, stays.
STILL_UNSEEN = f"""SELECT FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id
    WHERE {_UNSEEN} AND c.bucket = %(contact)s & 1023 AND c.id = %(contact)s AND NOT EXISTS (
        SELECT FROM inbox i JOIN bucket_lane b ON b.lane = i.lane WHERE b.bucket = c.bucket AND i.bucket = c.bucket AND i.contact_id = c.id)"""

KINDS = (
    Kind("events", "events_months", "months", True, f"SELECT count(*) FROM event v WHERE {_EVENTS}", f"DELETE FROM event v WHERE {_EVENTS}"),
    Kind(
        "calls", "contents_days", "days", True, f"SELECT count(*) FROM message m WHERE {_CALLS}",
        f"""WITH old AS (SELECT m.bucket, m.id FROM message m WHERE {_CALLS}), kept AS (
                DELETE FROM mailbox b USING old o WHERE b.bucket = o.bucket AND b.message_id = o.id)
            DELETE FROM message m USING old o WHERE m.bucket = o.bucket AND m.id = o.id""",
    ),
    Kind(
        "contents", "contents_days", "days", True, f"SELECT count(*) FROM message m WHERE {_CONTENTS}",
        f"""WITH old AS (SELECT m.bucket, m.id FROM message m WHERE {_CONTENTS}), kept AS (
                DELETE FROM mailbox b USING old o WHERE b.bucket = o.bucket AND b.message_id = o.id)
            UPDATE message m SET body_html = NULL, body_text = NULL, subject = NULL, address = NULL, pattern = NULL
            FROM old o WHERE m.bucket = o.bucket AND m.id = o.id""",
    ),
    Kind(
        "notices", "contents_days", "days", True, f"SELECT count(*) FROM notice n WHERE {_NOTICES}",
        f"""WITH old AS (SELECT n.bucket, n.id FROM notice n WHERE {_NOTICES}), told AS (
                DELETE FROM telling t USING old o WHERE t.bucket = o.bucket AND t.notice_id = o.id), digests AS (
                DELETE FROM digest g WHERE %(low)s = 0 AND g.workspace_id = %(workspace)s AND g.made_at < %(before)s)
            DELETE FROM notice n USING old o WHERE n.bucket = o.bucket AND n.id = o.id""",
    ),
    Kind(
        "visitors", "unseen_months", "months", True,
        f"SELECT count(*) FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id WHERE {_UNSEEN}",
        f"SELECT c.id FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id WHERE {_UNSEEN}",
    ),
    Kind(
        "refusals", "refusals_days", "days", False, "SELECT count(*) FROM refusal WHERE workspace_id = %(workspace)s AND at < %(before)s",
        """WITH hooks AS (UPDATE hook SET last_body = NULL WHERE workspace_id = %(workspace)s AND last_at < %(before)s AND last_body IS NOT NULL)
            DELETE FROM refusal WHERE workspace_id = %(workspace)s AND at < %(before)s""",
    ),
    Kind(
        "refused_rows", "refusals_days", "days", False, f"SELECT count(*) FROM job WHERE {_OLD_JOBS}",
        f"""WITH rows AS (UPDATE import_progress SET refusals = '[]' WHERE workspace_id = %(workspace)s AND updated_at < %(before)s AND refusals <> '[]')
            UPDATE job SET told = jsonb_set(told, '{{refusals}}', '[]') WHERE {_OLD_JOBS}""",
    ),
    Kind(
        "exports", "exports_days", "days", False,
        "SELECT count(DISTINCT job_id) FROM person_file WHERE workspace_id = %(workspace)s AND made_at < %(before)s",
        "DELETE FROM person_file WHERE workspace_id = %(workspace)s AND made_at < %(before)s",
    ),
)  # fmt: skip
