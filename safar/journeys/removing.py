"""Taking a whole workspace away: lane by lane, so that engines at work on others hardly wait, and nothing of it stays.

It writes the tables of all rooms, as erasing a business is everybody's; a test holds the list against the tables there are.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from safar.journeys.engine.load import touch_plan

_CONTACTS = "t.bucket = ANY (%(buckets)s) AND EXISTS (SELECT FROM contact c WHERE c.bucket = t.bucket AND c.id = t.contact_id AND c.workspace_id = %(workspace)s)"
_ROWS = "t.bucket = ANY (%(buckets)s) AND t.workspace_id = %(workspace)s"
_ENTRIES = "t.bucket = ANY (%(buckets)s) AND EXISTS (SELECT FROM enrollment e WHERE e.bucket = t.bucket AND e.id = t.enrollment_id AND e.workspace_id = %(workspace)s)"
_VERSIONS = "t.version_id IN (SELECT v.id FROM journeys_version v JOIN journeys_journey j ON j.id = v.journey_id WHERE j.workspace_id = %(workspace)s)"
_JOURNEYS = "t.journey_id IN (SELECT j.id FROM journeys_journey j WHERE j.workspace_id = %(workspace)s)"
_WORKSPACE = "t.workspace_id = %(workspace)s"

# In this order: what names a contact, an enrollment or a journey goes before it.
BY_LANE: tuple[tuple[str, str], ...] = (
    ("inbox", "t.lane = %(lane)s AND t.workspace_id = %(workspace)s"),
    ("outbox", _ROWS),
    ("enrollment_entry", _ENTRIES),
    ("enrollment", _ROWS),
    ("enrollment_past", _ROWS),
    *((table, _CONTACTS) for table in ("set_aside", "contact_watch", "segment_member", "consent", "contact_tag", "purchase", "contact_facts")),
    *((table, _ROWS) for table in ("consent_record", "confirmation", "right_request", "person_file", "best_hour", "send_turn", "form_answer")),
    *((table, _ROWS) for table in ("telling", "notice")),
    ("message", _ROWS),
    ("mailbox", _ROWS),
    ("contact_search", _ROWS),
    ("event", _ROWS),
    ("passage_count", "t.lane = %(lane)s AND " + _VERSIONS),
    ("contact", _ROWS),
)  # fmt: skip
AT_LAST: tuple[tuple[str, str], ...] = (
    *((table, _WORKSPACE) for table in ("identity", "suppression", "topic", "tag_title", "product", "exchange_rate", "sender", "quiet_hours", "service", "report_wait", "circuit", "team_notice", "outbox_hold", "import_progress", "event_name", "refusal")),
    *((table, _WORKSPACE) for table in ("shop_delivery", "shop_said", "shop_total", "shop_stock", "shop_fetch", "shop")),
    *((table, _WORKSPACE) for table in ("tracking", "link", "short_link", "reaction")),
    *((table, _WORKSPACE) for table in ("bounce", "brake_check", "brake", "dkim_key")),
    *((table, _WORKSPACE) for table in ("form_count", "form", "frequency_cap", "sms_budget", "sms_spent", "workspace_hour", "privacy", "retention_run")),
    *((table, _WORKSPACE) for table in ("occasion_day", "occasion", "blackout_day", "webhook_secret", "webhook_subscription", "webhook_failing", "hook")),
    *((table, _WORKSPACE) for table in ("digest", "destination")),
    *((table, _WORKSPACE) for table in ("job_file", "job", "contact_columns")),
    *((table, _WORKSPACE) for table in ("publishing_lane", "publishing")),
    ("journey_loop", _JOURNEYS),
    ("journeys_version", _JOURNEYS),
    *((table, _WORKSPACE) for table in ("journeys_journey", "segments_segment", "content_template", "content_media")),
    *((table, _WORKSPACE) for table in ("accounts_apikey", "accounts_invitation", "accounts_membership", "accounts_auditentry")),
    ("accounts_workspace", "t.id = %(workspace)s"),
)  # fmt: skip


def remove_workspace(conn: psycopg.Connection[Any], workspace_id: int) -> int:
    """Everything a workspace has, and the workspace. conn: autocommit. Gives how many rows.

    First its keys and journeys end, so that nothing new comes in; cut off in between, a second call does the rest.
    """
    with conn.transaction():
        conn.execute(
            "UPDATE accounts_apikey SET revoked_at = now() WHERE workspace_id = %s AND revoked_at IS NULL",
            (workspace_id,),
        )
        conn.execute("UPDATE accounts_workspace SET stopped = true WHERE id = %s", (workspace_id,))
        conn.execute("UPDATE journeys_journey SET state = 'archived' WHERE workspace_id = %s", (workspace_id,))
        touch_plan(conn)
    gone = 0
    for lane, buckets in conn.execute(
        "SELECT lane, array_agg(bucket) FROM bucket_lane GROUP BY 1 ORDER BY 1"
    ).fetchall():
        with conn.transaction():
            conn.execute("SELECT FROM lane WHERE id = %s FOR UPDATE", (lane,))  # no engine is at these people meanwhile
            gone += _delete(conn, BY_LANE, {"workspace": workspace_id, "lane": lane, "buckets": buckets})
    with conn.transaction():
        gone += _delete(conn, AT_LAST, {"workspace": workspace_id})
        touch_plan(conn)
    return gone


def _delete(conn: psycopg.Connection[Any], tables: tuple[tuple[str, str], ...], given: dict[str, Any]) -> int:
    return sum(
        conn.execute(SQL("DELETE FROM {} t WHERE " + which).format(Identifier(table)), given).rowcount
        for table, which in tables
    )
