"""The PostgreSQL that Safar runs for itself: started by the first who needs it, stopped by the last who leaves.

Who decides anything holds `start.lock`. Whether a server of ours lives is told by `server.lock`, which its processes
inherit, never by a pid file; whether it works is told by a connection, and by nothing else.
"""

import logging
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from safar.postgres import database
from safar.postgres.address import choose_address, remove_short_places
from safar.postgres.binaries import data_home, find_binaries
from safar.postgres.cluster import START_SECONDS, STOP_SECONDS, Cluster
from safar.postgres.copies import remove_other_copies
from safar.postgres.errors import FolderRefused, ServerSilent
from safar.postgres.folder import Folder, prepare
from safar.postgres.locks import POLL_SECONDS, FileLock, is_free
from safar.postgres.postmaster import PidFile, disown_stale
from safar.postgres.servant import Servant, servant_for

log = logging.getLogger(__name__)


class EmbeddedServer:
    """A use of the embedded server of one data folder.

    Any number of objects, in any number of processes, may use one folder at once. `start` again, at any time, brings a
    killed server back at the same URL where that is possible.
    """

    def __init__(
        self,
        home: Path | None = None,
        *,
        prefer_major: int | None = None,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`home` is the folder of Safar's data (`data_home` unless given); the cluster lies in `home`/postgres/data.

        `prefer_major` (15 to 18) counts only while there is no cluster yet. `durable=False` gives up safety against
        power cuts, for tests. `settings` override those of `tuning.py`; a server that already runs keeps its own.
        """
        self.home = data_home(os.environ) if home is None else home
        self._prefer_major = prefer_major
        self._durable = durable
        self._settings = dict(settings or {})
        self._use: FileLock | None = None

    @property
    def data_dir(self) -> Path:
        """The cluster's folder (PGDATA)."""
        return Folder.of(self.home).data

    @property
    def major(self) -> int | None:
        """The major version that wrote the cluster; None before the first start."""
        return Folder.of(self.home).major()

    def start(self) -> str:
        """Use the server, starting it if need be; returns the URL of the database `safar` for its owner `safar`.

        Waits for another Safar that is starting or stopping it. ServerFault (one of its kinds) when it cannot be had.
        """
        try:
            url = self._start()
        except (OSError, subprocess.SubprocessError) as error:
            raise FolderRefused(
                f"The data folder {self.home} cannot be used: {error}.",
                "Mend that, or set SAFAR_DATA_DIR to another folder.",
            ) from error
        log.info("PostgreSQL %s runs; its data lies in %s", self.major, self.data_dir)
        return url

    def stop(self) -> bool:
        """End this use. True when nobody uses the folder now: the server, if Safar started it, is stopped."""
        return self._leave(remove=False)

    def discard(self) -> bool:
        """End this use, if there is one, and when nobody uses the folder now, remove it with all its data."""
        return self._leave(remove=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> str:
        folder, servant, lock = self._decide()
        with lock:
            use = self._use or FileLock.acquire(folder.use_lock, shared=True, seconds=STOP_SECONDS)
            if use is None:
                raise ServerSilent(f"The lock {folder.use_lock} does not come free.", "End the process that holds it.")
            try:
                url = self._running(folder, servant)
            except BaseException:
                if self._use is None:
                    use.release()
                raise
            self._use = use
        return url

    def _decide(self) -> tuple[Folder, Servant, FileLock]:
        """The folder with its start lock held. Another start may take as long as a recovery takes."""
        while True:
            folder, _ = prepare(self.home)
            try:
                lock = FileLock.acquire(folder.start_lock, seconds=START_SECONDS + STOP_SECONDS)
            except FileNotFoundError:
                continue  # discarded between the two lines
            if lock is not None:
                # The cluster, and with it the user who runs it, may be the work of whom we waited for.
                return folder, servant_for(folder.data), lock
            raise ServerSilent(f"Another Safar has been busy with {folder.root} for minutes.", "End it, and try again.")

    def _running(self, folder: Folder, servant: Servant) -> str:
        """The URL at which a server answers: the one that runs, or a new one."""
        deadline = time.monotonic() + START_SECONDS
        if folder.upgraded.exists() and not folder.data.exists():
            os.rename(folder.upgraded, folder.data)
        while True:
            found = PidFile.read(folder.data)
            try:
                return _reach(found, folder)
            except database.NoAnswer as answer:
                fault = str(answer)
            server_lock = FileLock.acquire(folder.server_lock)
            if server_lock is not None:
                with server_lock:
                    self._launch(folder, servant, server_lock)
            elif found and _unreachable(found):
                # Its socket was removed (a cleaned /tmp): nobody new can get in, ever. Its sessions reconnect.
                log.warning("the socket of the PostgreSQL on %s is gone: restarting it", folder.data)
                Cluster(folder, servant, find_binaries(folder, servant)).stop()
            if time.monotonic() > deadline:
                raise ServerSilent(
                    f"PostgreSQL on {folder.data} did not answer within {START_SECONDS} seconds ({fault}).",
                    f"Look into {folder.data / 'log'}; end its processes if they hang.",
                )
            time.sleep(POLL_SECONDS)

    def _launch(self, folder: Folder, servant: Servant, server_lock: FileLock) -> None:
        binaries = find_binaries(folder, servant, self._prefer_major)
        remove_other_copies(binaries.folder, folder.copies)
        cluster = Cluster(folder, servant, binaries)
        if folder.data.exists():
            disown_stale(folder.data, servant)
        else:
            cluster.create(server_lock, durable=self._durable)
        cluster.launch(choose_address(folder, servant), self._settings, server_lock, durable=self._durable)

    def _leave(self, *, remove: bool) -> bool:
        if self._use is None and not remove:
            return False
        folder, servant, lock = self._decide()
        with lock:
            if self._use is not None:
                self._use.release()
                self._use = None
            last = FileLock.acquire(folder.use_lock)
            if last is None:
                return False
            with last:
                if not is_free(folder.server_lock):
                    Cluster(folder, servant, find_binaries(folder, servant)).stop()
                if remove:
                    remove_short_places(folder, servant)
                    shutil.rmtree(folder.root)
                    if folder.link.is_symlink():
                        folder.link.unlink()
            return True


def _reach(found: PidFile | None, folder: Folder) -> str:
    if found is None or found.address is None:
        raise database.NoAnswer("there is no server")
    try:
        return database.reach(found.address, folder)
    except FolderRefused as refusal:
        if not is_free(folder.server_lock):
            raise
        # Said by a stranger who listens on the port of a dead server of ours.
        raise database.NoAnswer(str(refusal)) from refusal


def _unreachable(found: PidFile) -> bool:
    file = found.address.socket_file if found.address else None
    return found.ready and file is not None and not file.exists()
