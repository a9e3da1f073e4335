"""Making, starting and stopping a cluster with PostgreSQL's own programs.

Every method is called with the folder's start lock held; those that take `server_lock` hand it on to what they start.
"""

import contextlib
import logging
import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safar.postgres.address import Address
from safar.postgres.binaries import Binaries
from safar.postgres.errors import ServerSilent
from safar.postgres.folder import Folder
from safar.postgres.locks import FileLock
from safar.postgres.servant import Servant
from safar.postgres.tuning import FILE_NAME, render, server_settings

log = logging.getLogger(__name__)

ADMIN, OWNER = "postgres", "safar"
START_SECONDS = 300
STOP_SECONDS = 60
# Our patience with a program that has a limit of its own: it should speak first.
_GRACE_SECONDS = 30


@dataclass(frozen=True)
class Cluster:
    """One cluster folder, who runs it, with which programs."""

    folder: Folder
    servant: Servant
    binaries: Binaries

    def create(self, server_lock: FileLock, *, durable: bool = True) -> None:
        """Make a new, empty cluster with two passwords of its own. Killed midway it leaves nothing but a draft."""
        passwords = {user: secrets.token_urlsafe(24) for user in (ADMIN, OWNER)}
        pgpass = "".join(f"*:*:*:{user}:{password}\n" for user, password in passwords.items())
        self.init(self.folder.fresh, passwords[ADMIN], pgpass, server_lock, durable=durable)
        os.rename(self.folder.fresh, self.folder.data)
        sync_folder(self.folder.root)

    def init(
        self, target: Path, admin_password: str, pgpass: str, server_lock: FileLock, *, durable: bool = True
    ) -> None:
        """Run initdb in `target`, replacing what a killed predecessor left there. `pgpass` is stored inside."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(mode=0o700)
        self.servant.give(target)
        secret = self.folder.root / ".password"
        self.servant.write_private(secret, admin_password)
        try:
            answer = self._init_with(target, secret, "C.UTF-8", server_lock, durable)
            if answer.returncode and "invalid locale" in answer.stdout and self.binaries.major >= 17:
                # A system without C.UTF-8 (older macOS): from 17 on PostgreSQL brings the rules of C.UTF-8 itself.
                answer = self._init_with(target, secret, "C", server_lock, durable)
        finally:
            secret.unlink()
        if answer.returncode:
            raise ServerSilent(f"initdb failed in {target}:\n{answer.stdout.strip()}\n", "Mend what it names above.")
        self.servant.write_private(target / "pgpass", pgpass)
        conf = (target / "postgresql.conf").read_text()
        self.servant.write_private(target / "postgresql.conf", f"{conf}\ninclude_if_exists '{FILE_NAME}'\n")

    def launch(
        self, address: Address, overrides: Mapping[str, str], server_lock: FileLock, *, durable: bool = True
    ) -> None:
        """Start the server at this address and return when it takes connections. ServerSilent with its last words."""
        data = self.folder.data
        settings = server_settings(address, has_lz4=self._has_lz4(), durable=durable) | dict(overrides)
        self.servant.write_private(data / FILE_NAME, render(settings))
        self._remove_old_logs()
        (data / "start.log").unlink(missing_ok=True)
        try:
            answer = self.servant.run(
                [self._pg_ctl, "start", "-w", "-t", str(START_SECONDS), "-D", data, "-l", data / "start.log"],
                seconds=START_SECONDS + _GRACE_SECONDS,
                keep=(server_lock.fileno(),),
            )
        except subprocess.TimeoutExpired:
            raise self._silent(f"did not start within {START_SECONDS + _GRACE_SECONDS} seconds") from None
        if answer.returncode:
            raise self._silent("did not start")

    def stop(self) -> None:
        """Stop the server in good order, or at once when that takes too long (it then recovers at its next start)."""
        for mode in ("fast", "immediate"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                answer = self.servant.run(
                    [self._pg_ctl, "stop", "-w", "-t", str(STOP_SECONDS), "-m", mode, "-D", self.folder.data],
                    seconds=STOP_SECONDS + _GRACE_SECONDS,
                )
                if answer.returncode == 0:
                    return
            log.warning("PostgreSQL on %s did not stop within %d seconds (%s)", self.folder.data, STOP_SECONDS, mode)
        raise self._silent("did not stop")

    @property
    def _pg_ctl(self) -> Path:
        return self.binaries.tool("pg_ctl")

    def _init_with(
        self, target: Path, secret: Path, locale: str, server_lock: FileLock, durable: bool
    ) -> subprocess.CompletedProcess[str]:
        words: list[str | Path] = [self.binaries.tool("initdb"), "-D", target, "-U", ADMIN, f"--pwfile={secret}"]
        words += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--data-checksums"]
        words += ["--encoding=UTF8", f"--locale={locale}"]
        if self.binaries.major >= 17:
            words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not durable:
            words += ["--no-sync"]
        return self.servant.run(words, seconds=START_SECONDS, keep=(server_lock.fileno(),))

    def _has_lz4(self) -> bool:
        """Asked of the program itself: the wheel's servers are built without it, the distributions' with it."""
        question: list[str | Path] = ["-D", self.folder.data, "-C", "wal_compression", "-c", "wal_compression=lz4"]
        return self.servant.run([self.binaries.tool("postgres"), *question], seconds=60).returncode == 0

    def _remove_old_logs(self) -> None:
        # As the server's user, since the folder is that user's. A weekday on which no server ran empties no file.
        with contextlib.suppress(FileNotFoundError, PermissionError, subprocess.TimeoutExpired):
            logs = self.folder.data / "log"
            self.servant.run(["find", logs, "-name", "server-*.log", "-mtime", "+6", "-delete"], seconds=60)

    def _silent(self, what: str) -> ServerSilent:
        tail = "\n".join(_last_lines(self.folder.data))
        return ServerSilent(
            f"PostgreSQL {self.binaries.version} on {self.folder.data} {what}. It said last:\n{tail}\n",
            "Mend what its log names above (often a full disk), or set SAFAR_DATABASE_URL to another server.",
        )


def sync_folder(path: Path) -> None:
    """Make renames inside a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_lines(data: Path, count: int = 12) -> list[str]:
    """The end of what the server said before its log was open, and of its newest log."""
    newest = sorted((data / "log").glob("server-*.log"), key=lambda file: file.stat().st_mtime)[-1:]
    lines = []
    for file in (data / "start.log", *newest):
        with contextlib.suppress(OSError), file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - 8192))
            lines += stream.read().decode(errors="replace").splitlines()[-count:]
    return lines
