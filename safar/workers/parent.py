"""A child's side of the supervisor: when to stop, and what happens when the supervisor is gone.

Signals alone do not do: a supervisor that was killed with -9 sends none. So every child holds the reading end of a pipe
whose writing end is the supervisor's; when that is gone, however it went, the read ends.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

PIPE_VARIABLE = "SAFAR_PARENT_PIPE"
GRACE_SECONDS = 10.0


def is_child() -> bool:
    """Whether a supervisor started this process."""
    return PIPE_VARIABLE in os.environ


def stop_event() -> threading.Event:
    """Set at SIGTERM, at SIGINT (a child of a supervisor leaves that to it), or when the supervisor is gone.

    Call it from the main thread, once.
    """
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, signal.SIG_IGN if is_child() else ask)
    when_orphaned(stop.set)
    return stop


def when_orphaned(stop: Callable[[], object], *, grace: float = GRACE_SECONDS) -> None:
    """Call ``stop`` (from a thread) when the supervisor is gone, and end the process hard if that takes too long."""
    pipe = os.environ.pop(PIPE_VARIABLE, None)  # a child's own children are not the supervisor's
    if pipe is None:
        return

    def watch() -> None:
        os.read(int(pipe), 1)  # nothing is ever written: it returns at the end
        stop()
        timer = threading.Timer(grace, os._exit, (1,))
        timer.daemon = True
        timer.start()

    threading.Thread(target=watch, name="parent", daemon=True).start()
