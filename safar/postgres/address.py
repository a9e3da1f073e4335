"""Where the embedded server listens: a socket in a private folder, else a port of this machine alone."""

import hashlib
import os
import shutil
import socket
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from safar.postgres.errors import ServerSilent
from safar.postgres.folder import Folder
from safar.postgres.servant import Servant

SOCKET_PORT = 5432
LOOPBACK = "127.0.0.1"
_LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
_SHORT_PLACE = Path("/tmp")


@dataclass(frozen=True)
class Address:
    """`host` is a socket's folder (absolute path) or an IP address, in libpq's manner."""

    host: str
    port: int

    @property
    def socket_file(self) -> Path | None:
        return Path(self.host) / f".s.PGSQL.{self.port}" if self.host.startswith("/") else None


def choose_address(folder: Folder, servant: Servant) -> Address:
    """An address for a new server, the same one every time where that is possible: URLs already given out stay good.

    A socket in the data folder; in a short private folder where the path is too long for a socket or the file system
    has none (some mounted volumes); else a loopback port. Only while no server runs here: leftovers are removed.
    ServerSilent when nothing of this works.
    """
    for place in (folder.run, *_short_places(folder, servant)):
        address = Address(str(place), SOCKET_PORT)
        if _make_private(place, servant) and _holds_sockets(place):
            _remove_leftovers(place)
            return address
    for port in (20000 + int(_digest(folder), 16) % 12000, 0):
        try:
            with socket.create_server((LOOPBACK, port)) as probe:
                return Address(LOOPBACK, probe.getsockname()[1])
        except OSError:
            continue
    raise ServerSilent(
        f"Neither a socket (in {folder.run} or {_SHORT_PLACE}) nor a port of {LOOPBACK} can be opened.",
        "Set SAFAR_DATA_DIR to a folder on a local disk, or SAFAR_DATABASE_URL to a server that is running.",
    )


def remove_short_places(folder: Folder, servant: Servant) -> None:
    """Remove what `choose_address` made outside a data folder that is being removed itself."""
    for place in _short_places(folder, servant):
        if _is_private(place, servant):
            shutil.rmtree(place, ignore_errors=True)


def _short_places(folder: Folder, servant: Servant) -> list[Path]:
    # Somebody else may have made a folder of our name there; we never use what is not ours alone.
    return [_SHORT_PLACE / f"safar-{servant.uid}-{_digest(folder)}{again}" for again in ("", "-2", "-3")]


def _digest(folder: Folder) -> str:
    return hashlib.sha256(str(folder.root).encode()).hexdigest()[:10]


def _make_private(place: Path, servant: Servant) -> bool:
    """Make the folder, or check that the one which stands there is the server user's alone."""
    longest = os.fsencode(Address(str(place), SOCKET_PORT).socket_file or place)
    # A comma separates folders for the server and hosts for libpq.
    if len(longest) > _LONGEST_SOCKET_PATH or "," in str(place):
        return False
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        # Ours: just made, or made by one of us who was killed before the next line.
        if place.lstat().st_uid == os.geteuid():
            servant.give(place)
    except OSError:
        return False
    return _is_private(place, servant)


def _is_private(place: Path, servant: Servant) -> bool:
    try:
        status = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == servant.uid and not status.st_mode & 0o077


def _holds_sockets(place: Path) -> bool:
    probe = place / ".probe"
    try:
        probe.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(probe))
        probe.unlink()
    except OSError:
        return False
    return True


def _remove_leftovers(place: Path) -> None:
    """A killed server leaves its socket and a lock file whose process number may now be anybody's."""
    for name in (f".s.PGSQL.{SOCKET_PORT}", f".s.PGSQL.{SOCKET_PORT}.lock"):
        (place / name).unlink(missing_ok=True)
