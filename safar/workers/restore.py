"""A backup into a new data folder. What it had decided to send is held until a person has looked (`epoch`)."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any

from safar.postgres.cluster import sync_folder
from safar.postgres.errors import FolderRefused
from safar.postgres.folder import Folder, prepare
from safar.postgres.locks import FileLock
from safar.postgres.servant import Servant
from safar.workers.backup import FORMAT, SECRET

MEND = "Check the file's path, or take another backup."


def read_backup(source: Path, *, home: Path, progress: Callable[[int], None] = lambda done: None) -> dict[str, Any]:
    """Unpack ``source`` into ``home``, which must have no database yet; returns the backup's backup.json.

    The database appears whole or not at all: it is unpacked beside its place and renamed. progress: bytes unpacked so
    far. Raises FolderRefused, for the folder or for a file that is no backup of ours.
    """
    folder, servant = prepare(home)
    with ExitStack() as held:
        lock = FileLock.acquire(folder.start_lock)
        if lock is None:
            raise FolderRefused(f"A Safar is starting or stopping in {home}.", "Stop it first.")
        held.enter_context(lock)
        if folder.data.exists() or (home / SECRET).exists():
            raise FolderRefused(
                f"There is an installation in {home} already.",
                "Restore into a new folder: --data-dir FOLDER, then start with SAFAR_DATA_DIR=FOLDER.",
            )
        shutil.rmtree(folder.fresh, ignore_errors=True)
        try:
            with gzip.open(source) as stream, tarfile.open(fileobj=stream, mode="r|") as packed:
                note = _unpack(packed, folder, servant, home, progress)
                while stream.read(1 << 20):  # to the end: only there gzip knows whether the file is whole
                    pass
            os.sync()  # PostgreSQL's recovery takes files that it does not change for safely written
        except (OSError, tarfile.TarError, EOFError, ValueError, zlib.error) as error:
            shutil.rmtree(folder.fresh, ignore_errors=True)
            (home / SECRET).unlink(missing_ok=True)
            raise FolderRefused(f"{source} is no whole backup of Safar ({error}).", MEND) from None
        os.rename(folder.fresh, folder.data)
        sync_folder(folder.root)
    return note


def _unpack(
    packed: tarfile.TarFile, folder: Folder, servant: Servant, home: Path, progress: Callable[[int], None]
) -> dict[str, Any]:
    note: dict[str, Any] | None = None
    done = 0
    folder.fresh.mkdir(mode=0o700)
    servant.give(folder.fresh)
    for member in packed:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise ValueError(f"it holds {member.name!r}")
        content = packed.extractfile(member)
        if member.name == "backup.json" and content is not None:
            note = json.loads(content.read())
            if not isinstance(note, dict) or note.get("format") != FORMAT:
                raise ValueError("its format is not one that this version reads")
        elif note is None:
            raise ValueError("it does not begin with backup.json")
        elif member.name == SECRET and content is not None:
            _write(home / SECRET, content.read())
        elif path.parts[0] == "data":
            target = folder.fresh.joinpath(*path.parts[1:])
            if content is None:
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
            else:
                with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    shutil.copyfileobj(content, file, 1 << 20)
                done += member.size
                progress(done)
            servant.give(target)
    if note is None or not (folder.fresh / "backup_label").exists():
        raise ValueError("its end is missing")
    return note


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
