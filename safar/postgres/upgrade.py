"""Upgrade an embedded cluster to another major version: `python -m safar.postgres.upgrade --to 18`.

Runs pg_upgrade on a copy, so the disk must have room for the data twice. The old cluster stays beside the new one as
`data.<old major>`, untouched, until a person removes it. Killed at any moment, it can be run again.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from safar.postgres.address import choose_address
from safar.postgres.binaries import SUPPORTED_MAJORS, Binaries, all_binaries, binaries_in, data_home
from safar.postgres.cluster import ADMIN, Cluster, sync_folder
from safar.postgres.connections import connect
from safar.postgres.database import passwords
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import FolderRefused, NoBinaries, ServerFault, ServerSilent
from safar.postgres.folder import Folder, prepare
from safar.postgres.locks import FileLock
from safar.postgres.postmaster import disown_stale
from safar.postgres.servant import Servant

_HOURS = 24 * 3600


def upgrade(home: Path, to_major: int, old_bin: Path | None = None) -> Path:
    """Upgrade the cluster under `home`; returns where the old one lies now.

    `old_bin` is the folder of the old version's programs, where they are not found by themselves. ServerFault (one of
    its kinds) when somebody uses the cluster, programs are missing, or pg_upgrade objects; nothing is changed then.
    """
    folder, servant = prepare(home)
    with ExitStack() as held:
        server_lock = [
            held.enter_context(_alone(path)) for path in (folder.start_lock, folder.use_lock, folder.server_lock)
        ][-1]
        kept = folder.root / f"data.{folder.major()}"
        if folder.major() in (None, to_major) or kept.exists():
            raise FolderRefused(
                f"{folder.data} is of version {folder.major() or 'none'}, so there is nothing to upgrade"
                f" to {to_major}, or {kept} stands in the way.",
                "Check the folder and the version; move the old folder away if it is not needed any more.",
            )
        shutil.rmtree(folder.upgraded, ignore_errors=True)
        old, new = _programs(folder, servant, to_major, old_bin)
        disown_stale(folder.data, servant)
        address = choose_address(folder, servant)
        before = Cluster(folder, servant, old)
        # Once up and down: pg_upgrade wants a cluster that was shut down in good order, not one that was killed.
        before.launch(address, {}, server_lock)
        before.stop()
        pgpass = folder.pgpass.read_text()
        Cluster(folder, servant, new).init(folder.fresh, passwords(folder.pgpass)[ADMIN], pgpass, server_lock)
        _pg_upgrade(folder, servant, old, new, address.host, server_lock)
        # Between the two next lines there is no `data`; a start finds the finished one by its name.
        os.rename(folder.fresh, folder.upgraded)
        os.rename(folder.data, kept)
        os.rename(folder.upgraded, folder.data)
        sync_folder(folder.root)
    return kept


def main(argv: Sequence[str] | None = None) -> int:
    """The command. Returns 0, or 1 after saying what is wrong and how to mend it."""
    parser = argparse.ArgumentParser(prog="safar.postgres.upgrade", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=None, help="as in SAFAR_DATA_DIR")
    parser.add_argument("--to", type=int, required=True, choices=SUPPORTED_MAJORS, help="the new major version")
    parser.add_argument("--old-bin", type=Path, default=None, help="folder of the old version's programs")
    asked = parser.parse_args(argv)
    home = asked.data_dir or data_home(os.environ)
    try:
        kept = upgrade(home, asked.to, asked.old_bin)
        with EmbeddedServer(home) as server, connect(server.start(), application_name="safar upgrade") as conn:
            # Versions before 18 leave the planner's statistics behind.
            conn.execute("ANALYZE")
    except (ServerFault, OSError, subprocess.SubprocessError) as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"The database in {server.data_dir} is PostgreSQL {asked.to} now. The old one is kept in {kept}.")
    return 0


def _alone(path: Path) -> FileLock:
    lock = FileLock.acquire(path)
    if lock is None:
        raise FolderRefused(f"The database in {path.parent} is in use.", "Stop every Safar that uses it first.")
    return lock


def _programs(folder: Folder, servant: Servant, to_major: int, old_bin: Path | None) -> tuple[Binaries, Binaries]:
    here = list(all_binaries(folder, servant))
    given = binaries_in(old_bin, servant) if old_bin else None
    old = next((one for one in [given, *here] if one and one.major == folder.major()), None)
    new = next((one for one in here if one.major == to_major), None)
    if old is None or new is None:
        raise NoBinaries(
            f"Both the programs of PostgreSQL {folder.major()} and those of {to_major} are needed"
            f" (found: {', '.join(one.version for one in here) or 'none'}).",
            "Install the missing server package, and name the old one's folder with --old-bin.",
        )
    return old, new


def _pg_upgrade(
    folder: Folder, servant: Servant, old: Binaries, new: Binaries, host: str, server_lock: FileLock
) -> None:
    work = folder.root / "upgrade"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    servant.give(work)
    words: list[str | Path] = [
        new.tool("pg_upgrade"),
        "-b",
        old.folder,
        "-B",
        new.folder,
        "-d",
        folder.data,
        "-D",
        folder.fresh,
    ]
    words += ["-U", ADMIN, *(("-s", host) if host.startswith("/") else ())]
    answer = servant.run(
        words,
        seconds=_HOURS,
        keep=(server_lock.fileno(),),
        cwd=work,
        env={"PGPASSFILE": str(folder.pgpass)},
    )
    if answer.returncode:
        raise ServerSilent(
            f"pg_upgrade from {old.version} to {new.version} stopped; the data is as it was.\n{answer.stdout}\n",
            "Mend what it names above, and try again.",
        )
    shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
