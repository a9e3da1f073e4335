"""File locks that the kernel gives back when their last holder dies, however it dies.

A lock belongs to an open file, not to a process: a child that inherits the descriptor holds it too. That is what
tells a living PostgreSQL from a stale pid file (see `folder.Folder.server_lock`).
"""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

POLL_SECONDS = 0.05


class FileLock:
    """One held lock. Made by `acquire`; `release` may be called twice."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, path: Path, *, shared: bool = False, seconds: float = 0.0) -> "FileLock | None":
        """Take the lock, waiting up to `seconds`; None when others kept it that long.

        FileNotFoundError when the folder of `path` does not exist (any more).
        """
        deadline = time.monotonic() + seconds
        mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
        while True:
            # Opened anew every time: who removes the folder removes the file, and a lock on that binds nobody.
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, mode)
                if _is_at(descriptor, path):
                    return cls(path, descriptor)
            except BlockingIOError:
                pass
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
            if time.monotonic() >= deadline:
                return None
            time.sleep(POLL_SECONDS)

    def fileno(self) -> int:
        """The descriptor, to be inherited by a child that shall hold the lock as well. ValueError when released."""
        if self._descriptor is None:
            raise ValueError(f"the lock {self.path} is not held any more")
        return self._descriptor

    def release(self) -> None:
        """Close our descriptor. Not an unlock: a child that inherited it keeps the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock at this moment, shared or alone."""
    lock = FileLock.acquire(path)
    if lock is None:
        return False
    lock.release()
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path, follow_symlinks=False))
    except FileNotFoundError:
        return False
