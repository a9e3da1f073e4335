"""The dispatcher's side of the fork server: a child's number and the pipe to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection, Pipe

from safar.content import child

START_SECONDS = 30.0
_KEPT = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
)  # no secret is among them


class ChildrenFail(RuntimeError):
    """Children cannot be started: a fault of the machine and not of a template."""


class ForkServer:
    """Starts when the first child is asked for, and again if it should be gone."""

    def __init__(self, memory: int, cpu_seconds: int) -> None:
        self._limits = (str(memory), str(cpu_seconds))
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def fork(self) -> tuple[int, Connection]:
        """A new child, ready. Raises ChildrenFail."""
        for _ in range(2):
            ours, theirs = Pipe()
            try:
                number = self._ask(b"fork", theirs.fileno())
                if ours.poll(START_SECONDS) and ours.recv_bytes() == child.READY:
                    return int(number), ours
            except (OSError, EOFError, ValueError):
                pass  # the server was ended by somebody: once more with a new one
            finally:
                theirs.close()
            ours.close()
            self.close()
        raise ChildrenFail("the rendering process does not start")

    def kill(self, number: int) -> None:
        """End a child of ours at once; one that has ended already is no fault."""
        try:
            self._ask(f"kill {number}".encode())
        except OSError:
            self.close()  # its children see that their pipe is closed

    def close(self) -> None:
        """End the server and its children."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._control = None

    def _ask(self, word: bytes, *fds: int) -> bytes:
        if self._control is None:
            self._start()
        assert self._control is not None
        socket.send_fds(self._control, [word], list(fds))
        answer = self._control.recv(child.LONGEST_WORD)
        if not answer:
            raise OSError("the fork server is gone")
        return answer

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(START_SECONDS)
        env = {name: os.environ[name] for name in _KEPT if name in os.environ}
        command = [sys.executable, "-m", "safar.content.child", *self._limits]
        self._process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=env)
        theirs.close()
        self._control = ours
