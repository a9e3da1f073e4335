"""One file with everything of an installation on the embedded server, made while it runs.

A physical copy (pg_basebackup): it reads files at a stated rate and holds no snapshot, so queue tables go on being
vacuumed and the engine does not slow down, however long it takes. A dump would hold one for as long as it runs.

    safar-backup.tar.gz
    ├── backup.json      what it is: format, Safar's and PostgreSQL's version, moment
    ├── secret.key       signs links that are in people's mailboxes
    └── data/…           the cluster, consistent from its own write-ahead log on
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from safar.postgres.binaries import find_binaries
from safar.postgres.cluster import ADMIN
from safar.postgres.connections import connect, database_url
from safar.postgres.database import passwords
from safar.postgres.errors import ServerFault
from safar.postgres.folder import Folder
from safar.postgres.servant import servant_for
from safar.workers.epoch import turn_epoch

FORMAT = 1
SECRET = "secret.key"
LEFT_OUT = ("log/", "pg_log/", "start.log")
SLOT = "safar_backup"

Progress = Callable[[int, int], None]  # bytes read, bytes in all as far as known


def write_backup(
    target: Path, *, home: Path, rate: int, progress: Progress = lambda done, total: None
) -> dict[str, Any]:
    """Write a backup of the installation in ``home`` to ``target``; returns what stands in its backup.json.

    rate: megabytes read a second at most. The file appears whole or not at all. Raises ServerFault where the server is
    not an embedded one or the copy fails.
    """
    if os.environ.get("SAFAR_DATABASE_URL", "").strip():
        raise ServerFault(
            "SAFAR_DATABASE_URL names a server of yours, and `safar backup` copies only the embedded one.",
            "Back it up with its own tools (pg_basebackup, pgBackRest, barman), and the data folder beside it.",
        )
    url = database_url(os.environ)
    folder = Folder.of(home)
    note = {
        "format": FORMAT,
        "safar": version("safar"),
        "postgresql": folder.major(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            _write(file, url, folder, home, note, rate, progress)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    with connect(url, application_name="safar backup") as conn:
        turn_epoch(conn, home)  # what was copied is an old database from now on, and would be known as one
    return note


def read_note(source: Path) -> dict[str, Any]:
    """A backup's backup.json, without unpacking the rest. Raises OSError, tarfile.TarError or ValueError."""
    with gzip.open(source) as stream, tarfile.open(fileobj=stream, mode="r|") as packed:
        first = packed.next()
        content = packed.extractfile(first) if first is not None and first.name == "backup.json" else None
        if content is None:
            raise ValueError("it does not begin with backup.json")
        note: dict[str, Any] = json.loads(content.read())
        return note


def _write(
    file: IO[bytes], url: str, folder: Folder, home: Path, note: dict[str, Any], rate: int, progress: Progress
) -> None:
    # Level 1: half the size at a rate the disk has anyway; level 9 costs ten times the processor for a tenth more.
    with (
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as packed,
        tarfile.open(fileobj=packed, mode="w|") as out,
    ):
        _add(out, "backup.json", json.dumps(note, indent=2).encode())
        with contextlib.suppress(FileNotFoundError):
            _add(out, SECRET, (home / SECRET).read_bytes())
        with _kept_log(url, folder) as total, _basebackup(url, folder, rate) as stream:
            done = 0
            with tarfile.open(fileobj=stream, mode="r|") as given:
                for member in given:
                    name = member.name.removeprefix("./")
                    content = given.extractfile(member) if member.isfile() else None
                    if name.startswith(LEFT_OUT) and content is not None:
                        continue
                    member.name = f"data/{name}" if name not in ("", ".") else "data"
                    out.addfile(member, content)
                    done += member.size
                    progress(done, max(done, total))


def _add(out: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), 0o600, int(datetime.now(UTC).timestamp())
    out.addfile(member, io.BytesIO(content))


@contextlib.contextmanager
def _kept_log(url: str, folder: Folder) -> Iterator[int]:
    """Keep the write-ahead log from now on for the copy's end; gives the size of the databases in bytes.

    A temporary slot goes with its session, so a killed backup cannot fill the disk.
    """
    with _admin(url, folder) as conn:
        conn.execute("SELECT pg_create_physical_replication_slot(%s, true, true)", (f"{SLOT}_{os.getpid()}",))
        row = conn.execute("SELECT sum(pg_database_size(oid))::bigint FROM pg_database").fetchone()
        yield int(row[0]) if row else 0


@contextlib.contextmanager
def _basebackup(url: str, folder: Folder, rate: int) -> Iterator[IO[bytes]]:
    """The cluster as a tar stream. Raises ServerFault with the program's own words where it fails."""
    program = find_binaries(folder, servant_for(folder.data)).tool("pg_basebackup")
    where = _admin_conninfo(url)
    words = ["-d", where, "-D", "-", "-F", "t", "-X", "fetch", "-c", "fast", "--no-manifest", f"--max-rate={rate}M"]
    environment = {**os.environ, "PGPASSFILE": str(folder.pgpass), "LC_ALL": "C"}
    with subprocess.Popen(
        [str(program), *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield process.stdout
            while process.stdout.read(1 << 20):  # the padding after the last member
                pass
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise ServerFault(f"pg_basebackup failed: {said}.", "Mend what it names; nothing was written.")


def _admin_conninfo(url: str) -> str:
    given = conninfo_to_dict(url)
    return make_conninfo(
        "", **{**{k: v for k, v in given.items() if k != "password"}, "user": ADMIN, "dbname": "postgres"}
    )


def _admin(url: str, folder: Folder) -> psycopg.Connection[Any]:
    password = passwords(folder.pgpass)[ADMIN]
    return connect(make_conninfo(_admin_conninfo(url), password=password), application_name="safar backup")
