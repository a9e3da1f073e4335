"""Places where a process can be told to die, so that a test can prove what happens when it does.

``SAFAR_FAILPOINT=outbox.after_begin`` kills the process the first time it comes there, ``…:7`` the seventh time; several are
written with commas between them. Without the variable a fail point is one comparison. It kills as a power cut would:
``SIGKILL`` to itself, so nothing is flushed, rolled back or said.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "SAFAR_FAILPOINT"


def read_failpoints(text: str) -> dict[str, int]:
    """``"a.b, c.d:3"`` as ``{"a.b": 1, "c.d": 3}``. Raises ValueError where a count is no number from 1 on."""
    wanted: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, count = part.partition(":")
        wanted[name] = int(count or 1)
        if wanted[name] < 1:
            raise ValueError(f"{VARIABLE}: {part}: the count begins with 1")
    return wanted


_left = read_failpoints(os.environ.get(VARIABLE, ""))


def failpoint(name: str) -> None:
    """Die here if the environment says so, else do nothing."""
    if not _left or name not in _left:
        return
    _left[name] -= 1
    if _left[name] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
