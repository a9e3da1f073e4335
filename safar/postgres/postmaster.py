"""The pid file that PostgreSQL leaves in its cluster: where its server listens, and whether to believe it.

The file says which process was the server once. After a kill, a power cut or a container's restart that number is
often somebody else's, and PostgreSQL then refuses to start ("is another postmaster running?").
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from safar.postgres.address import Address
from safar.postgres.errors import ServerSilent
from safar.postgres.servant import Servant

# Above every system's highest process number, so the kernel itself says that nobody has it.
NOBODYS_PID = 2**22 + 1


@dataclass(frozen=True)
class PidFile:
    """What the pid file says. `address` is None until the server listens; `ready` when it took connections."""

    pid: int
    address: Address | None
    ready: bool

    @classmethod
    def read(cls, data: Path) -> "PidFile | None":
        """None when there is no file, or none that a server has written."""
        try:
            # pid, folder, start time, port, socket folder, host, shared memory, status
            lines = [line.strip() for line in (data / "postmaster.pid").read_text(errors="replace").splitlines()]
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        lines += [""] * (8 - len(lines))
        host = lines[4] or lines[5]
        address = Address(host, int(lines[3])) if host and lines[3].isdigit() else None
        return cls(pid, address, lines[7] == "ready")


def disown_stale(data: Path, servant: Servant) -> None:
    """Take a dead server's number out of its pid file, so that PostgreSQL starts.

    Only while the server lock is ours: then no server of Safar's runs here. ServerSilent when the number is a server
    of this very folder, started by somebody else. The rest of the file stays, because PostgreSQL looks there for the
    shared memory of orphaned processes, its own last guard against two servers on one folder.
    """
    file = data / "postmaster.pid"
    found = PidFile.read(data)
    if found is None:
        # An empty file (a full disk, a cut while writing) stops PostgreSQL as well, and tells it nothing.
        file.unlink(missing_ok=True)
        return
    if runs_on(found.pid, data):
        raise ServerSilent(
            f"A PostgreSQL that Safar did not start (process {found.pid}) runs on {data} and does not let us in.",
            "Stop it (pg_ctl stop), or set SAFAR_DATABASE_URL to use it as a server of yours.",
        )
    _, _, rest = file.read_text(errors="replace").partition("\n")
    servant.write_private(file, f"{NOBODYS_PID}\n{rest}")


def runs_on(pid: int, data: Path) -> bool:
    """Whether a process is a PostgreSQL server of this cluster; when in doubt, yes."""
    words = _command(pid)
    if not words or os.path.basename(words[0]) not in ("postgres", "postmaster"):
        return False
    folder = words[words.index("-D") + 1] if "-D" in words[:-1] else ""
    if os.path.isabs(folder):
        return os.path.realpath(folder) == os.path.realpath(data)
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return True


def _command(pid: int) -> list[str]:
    """The words a process was started with; none when there is no such process."""
    if os.path.exists("/proc/self/cmdline"):
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
        except OSError:
            return []
    # macOS: words with blanks fall apart, and `runs_on` then answers yes, the careful side.
    ps = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return ps.stdout.split()
