"""Where everything of one embedded server lies, and the three locks beside it.

<home>/postgres/          ours; as root owned by root, so that the server's user cannot swap anything in it
├── data/                 the cluster (PGDATA), owned by the server's user; holds pgpass, safar.conf and log/
├── run/                  the socket, where the path is short enough (see `address`)
├── binaries/             copies of the wheel's programs, only where the server's user cannot read the originals
├── start.lock            held while a Safar decides: start, use, stop
├── use.lock              held shared by every Safar that uses the server; who gets it alone is the last one
└── server.lock           inherited by PostgreSQL itself: held exactly as long as one of its processes lives
"""

import logging
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from safar.postgres.errors import FolderRefused
from safar.postgres.servant import Servant, servant_for

log = logging.getLogger(__name__)

# Where root keeps a cluster when the folder asked for lies behind a door that the server's user cannot pass.
OPEN_PLACE = Path("/var/lib/safar/of")

# pg_ctl hands paths to a shell inside double quotes, and the settings file is lines of UTF-8.
_UNSPEAKABLE = re.compile(r"[\"$`\\\x00-\x1f]")


@dataclass(frozen=True)
class Folder:
    """The paths of one server; nothing here touches the disk."""

    home: Path
    root: Path

    @property
    def link(self) -> Path:
        """Where `root` lies, or a link to it (see `prepare`)."""
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def fresh(self) -> Path:
        """A cluster that initdb has not finished yet; becomes `data` by one rename."""
        return self.root / "data.new"

    @property
    def upgraded(self) -> Path:
        """A finished upgrade that still has to take the place of `data` (see `upgrade`)."""
        return self.root / "data.upgraded"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def copies(self) -> Path:
        return self.root / "binaries"

    @property
    def start_lock(self) -> Path:
        return self.root / "start.lock"

    @property
    def use_lock(self) -> Path:
        return self.root / "use.lock"

    @property
    def server_lock(self) -> Path:
        return self.root / "server.lock"

    @property
    def pgpass(self) -> Path:
        return self.data / "pgpass"

    @classmethod
    def of(cls, home: Path) -> "Folder":
        """The folder of a data home as it stands, without making anything."""
        home = home.resolve()
        return cls(home, (home / "postgres").resolve())

    def major(self) -> int | None:
        """The major version that wrote the cluster; None where there is none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text().split(".")[0])
        except FileNotFoundError:
            return None


def prepare(home: Path) -> tuple[Folder, Servant]:
    """Make the folder of a data home, reachable for the user who runs the server.

    No permission of an existing folder is ever changed. As root, a home that the server's user cannot enter gets a
    link `postgres` to a new folder under `OPEN_PLACE`. FolderRefused where that is impossible.
    """
    folder = Folder.of(home)
    if _UNSPEAKABLE.search(str(folder.root)) or not _is_utf8(folder.root):
        raise FolderRefused(
            f"PostgreSQL's programs cannot be given the path {str(folder.root)!r}.",
            'Choose a data folder whose name is UTF-8 and has none of " $ ` \\ in it: set SAFAR_DATA_DIR.',
        )
    servant = servant_for(folder.data)
    try:
        _make(folder.home, 0o755 if servant.drops else 0o700)
        if servant.drops and not servant.may_enter(folder.root if folder.root.exists() else folder.home):
            folder = _behind_a_link(folder, servant)
        _make(folder.root, 0o755 if servant.drops else 0o700)
    except OSError as error:
        raise FolderRefused(
            f"The data folder {folder.home} cannot be made or written in ({error.strerror}: {error.filename}).",
            "Set SAFAR_DATA_DIR to a folder that we may write in.",
        ) from error
    return folder, servant


def _make(path: Path, mode: int) -> None:
    """Make a folder and its missing parents with this very mode, whatever the umask; leave existing ones alone."""
    if path.is_dir():
        return
    _make(path.parent, mode)
    try:
        path.mkdir()
    except FileExistsError:
        return
    path.chmod(mode)


def _behind_a_link(folder: Folder, servant: Servant) -> Folder:
    """Put the server's folder where its user can go, and leave a link in the home that was asked for."""
    if folder.root.exists():
        raise FolderRefused(
            f"The user {servant.name}, who runs the server, cannot enter {folder.root}.",
            "Open the folders above it for passing (chmod o+x), or move it to a place which that user can reach.",
        )
    _make(OPEN_PLACE, 0o755)
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.home.name) or "home"
    # A new name every time: who removed the link wanted a new beginning, and must not find the old data behind it.
    root = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=OPEN_PLACE))
    root.chmod(0o755)
    try:
        if not servant.may_enter(root):
            raise FolderRefused(
                f"The user {servant.name}, who runs the server, can enter neither {folder.home} nor {OPEN_PLACE}.",
                "Set SAFAR_DATA_DIR to a folder which that user can reach.",
            )
        os.symlink(root, folder.link)
    except FileExistsError:
        # Another Safar was quicker, and its link leads to the folder that both use.
        root.rmdir()
        return Folder.of(folder.home)
    except BaseException:
        root.rmdir()
        raise
    log.warning("%s is closed to the user %s: the database lies in %s", folder.home, servant.name, root)
    return Folder.of(folder.home)


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
