"""A copy of the wheel's programs at a place that the server's user can read.

Needed once in a while: Safar runs as root from a checkout under root's closed home, and PostgreSQL must run as
somebody else. A copy (30 MB), not hard links: it also works across file systems, where the originals were unpacked
with mode 0700, and it stays whole when the wheel is upgraded under a running server.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def readable_copy(place: Path, copies: Path, package: str) -> Path | None:
    """The copy of the programs in `place` (the `bin` of a server inside the installed `package`), made if missing.

    Keyed by what is copied, so an upgraded wheel gets a new copy. None when `place` does not belong to the package: we
    know which files a wheel's server needs, and not which ones any other installation does. The caller is root and
    holds the folder's start lock.
    """
    server, home = place.parent, place.parent.parent
    if home.name != package:
        return None
    stamp = (place / "postgres").stat()
    key = hashlib.sha256(f"{place}:{stamp.st_size}:{stamp.st_mtime_ns}".encode()).hexdigest()[:16]
    copy = copies / key
    if not copy.exists():
        draft = copies / f"{key}.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(server, draft / package / server.name, ignore=_unneeded, copy_function=_copy_readable)
        # The programs look for these libraries beside their package, by a path relative to themselves.
        libraries = home.parent / f"{package}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, copy_function=_copy_readable)
        for made, _, _ in os.walk(draft):
            os.chmod(made, 0o755)
        copies.chmod(0o755)
        os.rename(draft, copy)
    return copy / package / server.name / "bin"


def remove_other_copies(used: Path, copies: Path) -> None:
    """Remove the copies of other wheels. Only while no server runs from them (the server lock is ours)."""
    if not copies.is_dir():
        return
    for copy in copies.iterdir():
        if copy not in used.parents:
            shutil.rmtree(copy, ignore_errors=True)


def _unneeded(folder: str, names: Iterable[str]) -> list[str]:
    """What only people who compile against PostgreSQL need: a third of the whole."""
    return [name for name in names if name in ("include", "pkgconfig", "pgxs") or name.endswith(".a")]


def _copy_readable(source: str, target: str) -> str:
    shutil.copyfile(source, target)
    os.chmod(target, 0o755 if os.stat(source).st_mode & 0o100 else 0o644)
    return target
