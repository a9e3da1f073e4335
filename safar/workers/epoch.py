"""The restore guard: one number stands in the database and in the data folder beside it, and changes often.

A database that came back from a backup holds decided messages that were sent since, and would send them again. Its
number is an old one, while the folder has a newer one or none: then sending is held until a person has looked. The
number changes at every start and after every backup, so that no backup is younger than it.
"""

from __future__ import annotations

import json
import logging
import os
import uuid
from pathlib import Path
from typing import Any

import psycopg

from safar.outbox.holds import EVERYTHING, hold, holds, let_go

log = logging.getLogger(__name__)

FILE_NAME = "epoch"
REASON = "restored"  # of the hold over everything
KEPT_LINES = 20  # the file has a line a database: those of a benchmark's scratch databases push nobody out soon
NAME = "SELECT current_database()"
READ = "SELECT epoch FROM installation FOR UPDATE"
WRITE = """
INSERT INTO installation (epoch) VALUES (%s)
ON CONFLICT (only_row) DO UPDATE SET epoch = EXCLUDED.epoch, begun_at = now()
"""


def check_epoch(conn: psycopg.Connection[Any], folder: Path) -> bool:
    """Called at a start. True where sending may go on; False where it is held, from now on or still.

    conn: autocommit, on the migrated database. folder: the data folder of this installation.
    """
    with conn.transaction():
        row = conn.execute(READ).fetchone()  # locks: of two starts at once the second reads what the first has written
        inside = None if row is None else str(row[0])
        outside = _read(folder, _name(conn))
        if inside in outside or (inside is None and (not outside or _is_empty(conn))):
            _begin(conn, folder, inside)
        else:
            hold(conn, reason=REASON)
        return not held(conn)


def turn_epoch(conn: psycopg.Connection[Any], folder: Path) -> None:
    """A new number in both places, where the two belong together: what was copied before is a backup from now on."""
    with conn.transaction():
        row = conn.execute(READ).fetchone()
        if row is not None and str(row[0]) in _read(folder, _name(conn)):
            _begin(conn, folder, str(row[0]))


def held(conn: psycopg.Connection[Any]) -> bool:
    """Whether the guard holds sending now."""
    return any(reason == REASON for _, reason, _ in holds(conn, EVERYTHING))


def release(conn: psycopg.Connection[Any], folder: Path) -> None:
    """A person has looked: database and folder belong together from now on, and sending goes on."""
    with conn.transaction():
        _begin(conn, folder, None)
        let_go(conn)


def _begin(conn: psycopg.Connection[Any], folder: Path, before: str | None) -> None:
    """A new number in both places. The file keeps the old one too: whoever dies before the commit comes back to it."""
    epoch, name = str(uuid.uuid4()), _name(conn)
    conn.execute(WRITE, (epoch,))
    others = [line for line in _lines(folder) if line[0] != name]
    lines = [[name, epoch, *([before] if before else [])], *others][:KEPT_LINES]
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILE_NAME}.{os.getpid()}"
    draft.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="ascii")
    os.replace(draft, folder / FILE_NAME)


def _read(folder: Path, name: str) -> list[str]:
    """The numbers that the folder knows for the database of this name: the newest, and the one before."""
    return next((line[1:] for line in _lines(folder) if line[0] == name), [])


def _lines(folder: Path) -> list[list[str]]:
    """[database, number, number before] each; nothing where the file is missing or damaged, which is the careful side."""
    try:
        return [
            [str(word) for word in json.loads(line)] for line in (folder / FILE_NAME).read_text("ascii").splitlines()
        ]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def _name(conn: psycopg.Connection[Any]) -> str:
    row = conn.execute(NAME).fetchone()
    return str(row[0]) if row else ""


def _is_empty(conn: psycopg.Connection[Any]) -> bool:
    """A database without a workspace can have nothing to send twice."""
    return conn.execute("SELECT FROM accounts_workspace LIMIT 1").fetchone() is None
