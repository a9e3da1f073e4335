"""Files of everything that is kept of one person: kept in pieces, because the process that makes one may be another machine's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

PIECE = 1 << 20  # bytes
_THERE = "SELECT FROM contact WHERE bucket = %s AND id = %s AND erased_at IS NULL FOR SHARE"
_READ = "SELECT data FROM person_file WHERE workspace_id = %s AND bucket = %s AND contact_id = %s AND job_id = %s AND number = %s"


def keep_file(conn: psycopg.Connection[Any], *, workspace_id: int, contact: int, job: int, path: Path) -> bool:
    """Keep the file; one of the same job goes. False where the contact is erased by now: an erasure waits for us, or we for it."""
    key = (workspace_id, contact & 1023, contact, job)
    with conn.transaction(), path.open("rb") as file:
        if conn.execute(_THERE, key[1:3]).fetchone() is None:
            return False
        drop_files(conn, contact=contact, job=job)
        number = 0
        while piece := file.read(PIECE):
            conn.execute(
                "INSERT INTO person_file (workspace_id, bucket, contact_id, job_id, number, data) VALUES (%s, %s, %s, %s, %s, %s)",
                (*key, number, piece),
            )
            number += 1
    return True


def read_file(conn: psycopg.Connection[Any], *, workspace_id: int, contact: int, job: int) -> Iterator[bytes]:
    """Its pieces; none where it is not kept any more."""
    number = 0
    while row := conn.execute(_READ, (workspace_id, contact & 1023, contact, job, number)).fetchone():
        yield bytes(row[0])
        number += 1


def has_file(conn: psycopg.Connection[Any], *, workspace_id: int, contact: int, job: int) -> bool:
    return conn.execute(_READ, (workspace_id, contact & 1023, contact, job, 0)).fetchone() is not None


def drop_files(conn: psycopg.Connection[Any], *, contact: int, job: int) -> None:
    conn.execute(
        "DELETE FROM person_file WHERE bucket = %s AND contact_id = %s AND job_id = %s", (contact & 1023, contact, job)
    )
