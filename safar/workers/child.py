"""One process under the supervisor: started, watched, started again when it dies, stopped in good order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from safar.workers.parent import PIPE_VARIABLE

FIRST_PAUSE = 0.5  # seconds before a dead process is started again; doubled each time
LONGEST_PAUSE = 30.0
STEADY = 60.0  # seconds after which a process counts as healthy and its next death as the first


@dataclass
class Child:
    """What runs (`python -m safar WORDS`), since when, and when it may run again. Times are of the monotonic clock."""

    name: str
    words: Sequence[str]
    once: bool = False  # a task that ends by itself and is not started again
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started_at: float = 0.0
    due_at: float = 0.0
    pause: float = FIRST_PAUSE
    deaths: int = 0
    done: bool = False

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def start(self, env: Mapping[str, str], pipe: int, now: float) -> None:
        """Start it. ``pipe``: the descriptor whose end tells the child that its supervisor is gone."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "safar", *self.words],
            env={**env, PIPE_VARIABLE: str(pipe)},
            pass_fds=(pipe,),
            stdin=subprocess.DEVNULL,
        )
        self.started_at = now

    def look(self, now: float) -> int | None:
        """The exit code of a death not seen before, whose restart is then set; else None."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.process = None
        if self.once:
            self.done = True
            return code
        if now - self.started_at >= STEADY:
            self.pause = FIRST_PAUSE
        self.due_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.deaths += 1
        return code

    def wants_start(self, now: float) -> bool:
        return self.process is None and not self.done and now >= self.due_at

    def tell(self, number: int) -> None:
        """Send a signal if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


def describe_death(code: int) -> str:
    """An exit code in words: ``ended with code 1``, ``was ended by SIGKILL``."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def child_environment(url: str) -> dict[str, str]:
    """Our environment with the database that we found: children neither look for a server nor start one."""
    return {**os.environ, "SAFAR_DATABASE_URL": url}
