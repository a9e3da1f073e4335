"""One dispatcher at a time begins messages to a contact who has caps: without it two would each count what the other has not written yet.

The gate counts in the statement that begins the hand-over; this is the statement before it, in the same transaction. READ COMMITTED reads
anew for each statement, so whoever has waited here sees what the one before has begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from safar.outbox.rows import Claimed, as_json
from safar.outbox.statements import statement


def take_turns(conn: Connection[Any], rows: Sequence[Claimed]) -> int:
    """Waits until nobody else has the contacts of these rows, as far as caps concern them; how many those are. Call it before
    anything else of the transaction is locked."""
    if not rows:
        return 0
    asked = {
        "rows": as_json(
            {"bucket": row.key.bucket, "contact_id": row.contact_id, "workspace_id": row.workspace_id} for row in rows
        )
    }
    capped = conn.execute(statement("turns", "safar.channels.pace"), asked).fetchall()
    if not capped:
        return 0
    keys = as_json({"bucket": bucket, "contact_id": contact} for bucket, contact in capped)
    return len(conn.execute(statement("lock_turns", "safar.channels.pace"), {"rows": keys}).fetchall())
