"""Which lane a contact's bucket is in: a map in the database, not arithmetic, so that lanes can be added."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from safar.contacts.ids import BUCKETS

LANES = 16


def fill_lanes(conn: Connection[Any], lanes: int = LANES) -> None:
    """Make the lanes 0 to lanes - 1 and put every bucket into one. For empty tables."""
    conn.execute("INSERT INTO lane (id) SELECT n FROM generate_series(0, %s - 1) n", (lanes,))
    conn.execute(
        "INSERT INTO bucket_lane (bucket, lane) SELECT n, n %% %s FROM generate_series(0, %s - 1) n", (lanes, BUCKETS)
    )


def read_lanes(conn: Connection[Any]) -> list[int]:
    """The lane of each bucket, by bucket. Moving buckets needs the doors closed: processes keep this list."""
    lanes = [0] * BUCKETS
    for bucket, lane in conn.execute("SELECT bucket, lane FROM bucket_lane"):
        lanes[bucket] = lane
    return lanes
