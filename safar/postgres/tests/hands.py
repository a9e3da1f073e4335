"""What the tests do to a server from outside, and what they see of it."""

import subprocess
import sys
from pathlib import Path

import psycopg

from safar.postgres.binaries import find_binaries
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.folder import Folder
from safar.postgres.locks import FileLock
from safar.postgres.postmaster import PidFile
from safar.postgres.servant import servant_for

# Another Safar: uses the folder until its input ends, or dies at once when told so.
OTHER_SAFAR = """
import os, signal, sys
from pathlib import Path
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.locks import FileLock
from safar.postgres.postmaster import PidFile
server = EmbeddedServer(Path(sys.argv[1]), durable=False)
server.start()
print(PidFile.read(server.data_dir).pid, flush=True)
if sys.argv[2] == "die":
    os.kill(os.getpid(), signal.SIGKILL)
sys.stdin.read()
print(server.stop(), flush=True)
"""


def other_safar(home: Path, how: str = "stay") -> "subprocess.Popen[str]":
    """Start another Safar; its first line is the postmaster's pid, its last (after its input ends) what stop said."""
    words = [sys.executable, "-c", OTHER_SAFAR, str(home), how]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def postmaster(server: EmbeddedServer) -> int:
    found = PidFile.read(server.data_dir)
    assert found is not None
    return found.pid


def wait_gone(home: Path) -> None:
    """Return when no process of the folder's server lives any more."""
    lock = FileLock.acquire(Folder.of(home).server_lock, seconds=20)
    assert lock is not None
    lock.release()


def pg_ctl(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """PostgreSQL's own program, as somebody at the shell would run it."""
    folder = Folder.of(home)
    servant = servant_for(folder.data)
    tool = find_binaries(folder, servant).tool("pg_ctl")
    return servant.run([tool, "-D", folder.data, "-w", "-t", "20", *words], seconds=60)


def remember(url: str, word: str) -> None:
    with psycopg.connect(url) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS memory (word text)")
        conn.execute("INSERT INTO memory VALUES (%s)", (word,))


def memory(url: str) -> list[str]:
    with psycopg.connect(url) as conn:
        return [word for (word,) in conn.execute("SELECT word FROM memory ORDER BY word")]
