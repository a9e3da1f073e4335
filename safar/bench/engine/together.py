"""Engines in processes of their own, started at one moment."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Together:
    """Seconds: wall from the start to the last one's end; CPU of all clients and of their backends."""

    wall: float
    client: float
    backend: float | None


def run_engines(url: str, count: int, now: datetime) -> Together:
    """``count`` engines work off what is due before ``now``."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "safar.bench.engine.worker", url, now.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            if process.stdout.readline().strip() != "ready":
                raise RuntimeError("an engine did not start")
        start = time.perf_counter()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [json.loads(process.stdout.readline()) for process in processes if process.stdout is not None]
        wall = time.perf_counter() - start
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    backends = [each["backend"] for each in told]
    return Together(wall, sum(each["client"] for each in told), None if None in backends else sum(backends))
