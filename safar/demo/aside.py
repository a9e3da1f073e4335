"""Tables of the demo's own while it is made: copies of the house's, empty, in a scratch schema, and the way from there into the house.

There the engine may take its time without a log and without anybody looking on: no engine, no dispatcher and no check of the books
sees half a demo, and what was cut off leaves nothing behind.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

# Everything that taking events in, walking and settling writes, in the order in which it goes into the house.
TABLES = (
    "contact", "contact_search", "contact_facts", "purchase", "contact_tag", "consent", "identity", "segment_member", "event", "enrollment",
    "enrollment_past", "enrollment_entry", "contact_watch", "passage_count", "journey_loop", "set_aside", "message", "mailbox", "reaction",
    "timer", "inbox", "outbox",
)  # fmt: skip
COUNTED = ("passage_count", "timer", "inbox")  # by lane; there is but one aside
LANE = 0

_OPTIONS = "SELECT reloptions FROM pg_class WHERE oid = ('public.' || %s)::regclass"
_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = ('public.' || %s)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""


def set_aside(conn: Connection[Any]) -> None:
    """Make the copies in the first schema of the search_path, with one lane. Numbers are drawn from the house's sequences."""
    for table in (*TABLES, "lane", "bucket_lane"):
        conn.execute(
            SQL("CREATE UNLOGGED TABLE {0} (LIKE public.{0} INCLUDING ALL)").format(Identifier(table)), prepare=False
        )
        (options,) = conn.execute(_OPTIONS, (table,)).fetchone() or (None,)
        # Statistics of a table that is emptied a moment later make bad plans, and each new one costs the engine its plans.
        wanted = ["autovacuum_enabled=off", *(option for option in options or () if option.startswith("fillfactor="))]
        conn.execute(SQL("ALTER TABLE {} SET ({})").format(Identifier(table), SQL(", ".join(wanted))), prepare=False)
    conn.execute("INSERT INTO lane (id) VALUES (%s)", (LANE,))
    conn.execute("INSERT INTO bucket_lane (bucket, lane) SELECT bucket, %s FROM public.bucket_lane", (LANE,))


def move_in(conn: Connection[Any], lane: int, now: datetime) -> None:
    """Everything into the house, as people of its lane `lane`, whose clock is `now` at least; in one transaction."""
    with conn.transaction():
        conn.execute("SELECT FROM public.lane WHERE id = %s FOR UPDATE", (lane,))  # an engine may be at work there
        for table in TABLES:
            names = [name for (name,) in conn.execute(_COLUMNS, (table,))]
            values = [Literal(lane) if name == "lane" and table in COUNTED else Identifier(name) for name in names]
            conn.execute(
                SQL("INSERT INTO public.{0} ({1}) SELECT {2} FROM {0}").format(
                    Identifier(table), SQL(", ").join(map(Identifier, names)), SQL(", ").join(values)
                ),
                prepare=False,
            )
        conn.execute("UPDATE public.lane SET clock = %s WHERE id = %s AND clock < %s", (now, lane, now))
