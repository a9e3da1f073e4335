"""The job `remove_tag`: a tag off everybody who has it, as edits like those by hand, a few thousand at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from safar.contacts.identity import Resolved
from safar.events.accept import CHANNEL
from safar.events.edit import edit_of
from safar.events.inbox import Lanes, copy_into
from safar.events.jobs.queue import Claimed, renew

KIND = "remove_tag"
BATCH = 2_000
_TAGGED = """
SELECT g.bucket, g.contact_id FROM contact_tag g JOIN contact c ON c.bucket = g.bucket AND c.id = g.contact_id
WHERE c.workspace_id = %(workspace)s AND g.tag = %(tag)s AND (g.bucket, g.contact_id) > (%(bucket)s, %(contact)s)
    AND c.merged_into IS NULL
ORDER BY g.bucket, g.contact_id LIMIT %(most)s
"""


def run(conn: Connection[Any], job: Claimed) -> dict[str, Any]:
    """Whoever dies here leaves edits that were accepted; those that are put in twice remove what is gone already. Raises Lost."""
    tag, done, lanes = str(job.asked["tag"]), 0, Lanes()
    asked = {"workspace": job.workspace_id, "tag": tag, "bucket": -1, "contact": -1, "most": BATCH}
    while rows := conn.execute(_TAGGED, asked).fetchall():
        message = edit_of(by=job.by, tags={"remove": [tag]})
        edits = [type(message)(**{**_fields(message), "message_id": f"job:{job.id}:{contact}"}) for _, contact in rows]
        with conn.transaction():
            found = [Resolved(contact) for _, contact in rows]
            copy_into(conn, [(job.workspace_id, edits, found)], datetime.now(UTC), lanes)
            conn.execute(f"NOTIFY {CHANNEL}")
        done += len(rows)
        asked["bucket"], asked["contact"] = rows[-1]
        renew(conn, job, done=done, total=None, told={})
    return {"contacts": done}


def _fields(message: Any) -> dict[str, Any]:
    return {name: getattr(message, name) for name in message.__struct_fields__}
