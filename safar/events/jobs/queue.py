"""The table of jobs: put in, claimed, renewed, ended. Each is one statement whose row count is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from safar.lib.sqlfile import load_sql

CHANNEL = "safar_jobs"
OPEN, WAITING, RUNNING, FINISHED, FAILED = "open", "waiting", "running", "finished", "failed"
PIECE = 1 << 20  # bytes
TRIES = 5  # processes that may die over a job before it counts as failed

_PUT = "INSERT INTO job (workspace_id, kind, by, asked) VALUES (%s, %s, %s, %s) RETURNING id"
_COLUMNS = "id, workspace_id, kind, state, asked, told, done, total, by, created_at, finished_at"
_START = "UPDATE job SET state = 'waiting', asked = asked || %s WHERE id = %s AND workspace_id = %s AND state = 'open'"
_RENEW = """
UPDATE job SET lease_until = clock_timestamp() + interval '1 minute', done = %(done)s, total = coalesce(%(total)s, total), told = %(told)s
WHERE id = %(id)s AND token = %(token)s AND state = 'running'
"""
_END = """
UPDATE job SET state = %(state)s, told = %(told)s, finished_at = clock_timestamp(), token = NULL, lease_until = NULL
WHERE id = %(id)s AND token = %(token)s AND state = 'running'
"""


class Lost(RuntimeError):
    """Another process has taken the job: its lease had ended."""


@dataclass(frozen=True)
class Claimed:
    """A job in hand. tries: how often it was begun, this time included."""

    id: int
    workspace_id: int
    kind: str
    asked: dict[str, Any]
    told: dict[str, Any]
    by: str
    tries: int
    token: UUID


@dataclass(frozen=True)
class Job:
    """As a page shows it. done, total: in the kind's own unit."""

    id: int
    workspace_id: int
    kind: str
    state: str
    asked: dict[str, Any]
    told: dict[str, Any]
    done: int
    total: int | None
    by: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def going(self) -> bool:
        return self.state in (WAITING, RUNNING)

    @property
    def share(self) -> float:
        """0 to 1."""
        if self.state == FINISHED:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0


def put_job(
    conn: Connection[Any],
    *,
    workspace_id: int,
    kind: str,
    by: str,
    asked: Mapping[str, Any],
    file: Iterable[bytes] | None = None,
    most: int = 0,
) -> int:
    """A new job, open until `start_job`; its number. file: pieces of any size. Raises ValueError where they are more than `most` bytes."""
    with conn.transaction():
        row = conn.execute(_PUT, (workspace_id, kind, by, Jsonb(asked))).fetchone()
        assert row is not None
        number, size = 0, 0
        for number, piece in enumerate(_pieces(file or ()), 1):
            size += len(piece)
            if size > most:
                raise ValueError(f"the file is larger than {most} bytes")
            conn.execute("INSERT INTO job_file VALUES (%s, %s, %s, %s)", (row[0], number, workspace_id, piece))
    return int(row[0])


def start_job(conn: Connection[Any], *, workspace_id: int, job: int, asked: Mapping[str, Any]) -> bool:
    """Everything is chosen: let it be done. False where it had been started before, or is not there."""
    started = conn.execute(_START, (Jsonb(asked), job, workspace_id)).rowcount == 1
    if started:
        conn.execute(f"NOTIFY {CHANNEL}")
    return started


def read_job(conn: Connection[Any], workspace_id: int, job: int) -> Job | None:
    with conn.cursor(row_factory=class_row(Job)) as cursor:
        query = f"SELECT {_COLUMNS} FROM job WHERE id = %s AND workspace_id = %s"
        return cursor.execute(query.encode(), (job, workspace_id)).fetchone()


def list_jobs(conn: Connection[Any], workspace_id: int, kind: str, n: int = 20) -> list[Job]:
    """The newest first."""
    with conn.cursor(row_factory=class_row(Job)) as cursor:
        query = f"SELECT {_COLUMNS} FROM job WHERE workspace_id = %s AND kind = %s ORDER BY id DESC LIMIT %s"
        return cursor.execute(query.encode(), (workspace_id, kind, n)).fetchall()


def jobs_about(conn: Connection[Any], workspace_id: int, kind: str, about: Mapping[str, Any], n: int = 5) -> list[Job]:
    """Those that were asked for with these values, the newest first."""
    with conn.cursor(row_factory=class_row(Job)) as cursor:
        query = f"SELECT {_COLUMNS} FROM job WHERE workspace_id = %s AND kind = %s AND asked @> %s ORDER BY id DESC LIMIT %s"
        return cursor.execute(query.encode(), (workspace_id, kind, Jsonb(about), n)).fetchall()


def drop_ended(conn: Connection[Any], job: Claimed, about: Mapping[str, Any]) -> None:
    """Earlier ones of the same kind that have ended and were asked for with these values: the job's own result takes their place."""
    query = "DELETE FROM job WHERE workspace_id = %s AND kind = %s AND id < %s AND state IN ('finished', 'failed') AND asked @> %s"
    conn.execute(query, (job.workspace_id, job.kind, job.id, Jsonb(about)))


def drop_job(conn: Connection[Any], *, workspace_id: int, job: int) -> bool:
    """Take back what was never started, with its file."""
    with conn.transaction():
        query = "DELETE FROM job WHERE id = %s AND workspace_id = %s AND state = 'open'"
        gone = conn.execute(query, (job, workspace_id)).rowcount == 1
        if gone:
            conn.execute("DELETE FROM job_file WHERE job_id = %s", (job,))
    return gone


def claim(conn: Connection[Any]) -> Claimed | None:
    """The next job, for a minute."""
    token = uuid4()
    row = conn.execute(load_sql("safar.events.jobs", "claim"), {"token": token}).fetchone()
    return Claimed(row[0], row[1], row[2], row[3], row[4], row[5], row[6], token) if row else None


def renew(conn: Connection[Any], job: Claimed, *, done: int, total: int | None, told: Mapping[str, Any]) -> None:
    """Say how far it has come. Raises Lost."""
    asked = {"id": job.id, "token": job.token, "done": done, "total": total, "told": Jsonb(told)}
    if conn.execute(_RENEW, asked).rowcount != 1:
        raise Lost(str(job.id))


def end(conn: Connection[Any], job: Claimed, state: str, told: Mapping[str, Any]) -> None:
    """finished or failed; its file goes. Raises Lost."""
    with conn.transaction():
        asked = {"id": job.id, "token": job.token, "state": state, "told": Jsonb(told)}
        if conn.execute(_END, asked).rowcount != 1:
            raise Lost(str(job.id))
        conn.execute("DELETE FROM job_file WHERE job_id = %s", (job.id,))


def write_file(conn: Connection[Any], job: int, path: Path, most: int = 0) -> None:
    """The uploaded file, as a file here. most: pieces; 0 for all of it."""
    query = "SELECT number FROM job_file WHERE job_id = %s ORDER BY number"
    numbers = [row[0] for row in conn.execute(query, (job,)).fetchall()]
    with path.open("wb") as out:
        for number in numbers[: most or None]:
            row = conn.execute("SELECT data FROM job_file WHERE job_id = %s AND number = %s", (job, number)).fetchone()
            out.write(row[0] if row else b"")


def _pieces(file: Iterable[bytes]) -> Iterator[bytes]:
    kept = b""
    for some in file:
        kept += some
        while len(kept) >= PIECE:
            yield kept[:PIECE]
            kept = kept[PIECE:]
    if kept:
        yield kept
