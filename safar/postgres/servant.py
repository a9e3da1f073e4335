"""The operating-system user that owns the cluster and runs PostgreSQL's programs.

PostgreSQL refuses to run as root. As root we therefore act through an existing unprivileged user; otherwise the
servant is simply ourselves.
"""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from safar.postgres.errors import FolderRefused, ServerFault

PREFERRED_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Servant:
    """A user to act through. `drops` is True when we are root and must become that user first."""

    uid: int
    gid: int
    drops: bool

    @property
    def name(self) -> str:
        """The user's name, or its number where the system has no name for it."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        seconds: float,
        keep: tuple[int, ...] = (),
        cwd: Path = Path("/"),
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user; output and errors come back together in `stdout`.

        `keep` lists descriptors the program inherits. PermissionError and FileNotFoundError name a program that this
        user cannot run; `subprocess.TimeoutExpired` after `seconds`; ServerFault when root may not become this user.
        """
        words = [str(word) for word in argv]
        try:
            return subprocess.run(
                words,
                # The working folder of a root shell is often closed to others, and pg_ctl insists on knowing its own.
                cwd=cwd,
                # PGPORT, PGOPTIONS, PGDATA of the caller are about other servers; messages are read, so in English.
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **_library_path(), **(env or {})},
                user=self.uid if self.drops else None,
                group=self.gid if self.drops else None,
                extra_groups=[] if self.drops else None,
                umask=0o077,
                pass_fds=keep,
                # Ctrl-C in a terminal is for Safar, which then stops the server in good order.
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
            )
        except PermissionError as error:
            if error.filename == words[0]:
                raise
            raise ServerFault(
                f"root may not become the user {self.name} here ({error.strerror}).",
                "Give the container CAP_SETUID and CAP_SETGID, or run Safar as an ordinary user,"
                " or set SAFAR_DATABASE_URL.",
            ) from error

    def may_enter(self, folder: Path) -> bool:
        """Whether this user can reach the folder, asked of the kernel: permission bits do not tell all (ACLs)."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder], seconds=30).returncode == 0

    def give(self, path: Path) -> None:
        """Make the user the owner of a file or folder that we have just made."""
        if self.drops:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def write_private(self, path: Path, text: str) -> None:
        """Put a file of this user's with mode 0600 in place, whole or not at all.

        Never writes through what stands there: as root, in a folder that is not root's, that could be a link.
        """
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:
            if self.drops:
                os.fchown(file.fileno(), self.uid, self.gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)


def servant_for(data: Path) -> Servant:
    """Who runs the server of this cluster folder, which need not exist yet.

    An existing folder's owner decides. FolderRefused when the folder's owner cannot run it; ServerFault when the
    system has no user for the part.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        return _ourselves(data, owner)
    if owner == 0:
        raise FolderRefused(
            f"The data folder {data} belongs to root, and PostgreSQL refuses to run as root.",
            f"Give it to an ordinary user: chown -R {_first_user().name} {data}",
        )
    if owner is None:
        return _first_user()
    try:
        group = pwd.getpwuid(owner).pw_gid
    except KeyError:
        group = data.stat().st_gid
    return Servant(owner, group, drops=True)


def _ourselves(data: Path, owner: int | None) -> Servant:
    me = Servant(os.geteuid(), os.getegid(), drops=False)
    if owner is not None and owner != me.uid:
        raise FolderRefused(
            f"The data folder {data} belongs to {Servant(owner, owner, drops=False).name}, and we are {me.name}.",
            "Run Safar as that user, or set SAFAR_DATA_DIR to a folder of your own.",
        )
    if owner is None and me.name == str(me.uid):
        raise ServerFault(
            f"The user number {me.uid} has no name on this system, and PostgreSQL's initdb asks for one.",
            "Run the container as root or as a user named in /etc/passwd, or set SAFAR_DATABASE_URL.",
        )
    return me


def _first_user() -> Servant:
    for name in PREFERRED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Servant(entry.pw_uid, entry.pw_gid, drops=True)
    raise ServerFault(
        f"We are root, PostgreSQL refuses to run as root, and there is no user {' or '.join(PREFERRED_USERS)}.",
        "Add one (useradd --system postgres), run Safar as an ordinary user, or set SAFAR_DATABASE_URL.",
    )


def _library_path() -> dict[str, str]:
    value = os.environ.get("LD_LIBRARY_PATH")
    return {} if value is None else {"LD_LIBRARY_PATH": value}
