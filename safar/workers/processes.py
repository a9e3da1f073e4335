"""Memory and processor time of Safar's processes on this machine, its PostgreSQL's among them. Linux only."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Usage:
    """One process. memory: bytes (of what n processes share, a n-th each); cpu: share of one core."""

    pid: int
    what: str
    memory: int
    cpu: float


def measure(roots: Mapping[int, str], seconds: float) -> list[Usage]:
    """Each root and all below it, watched for ``seconds``. roots: pid → what to call it. Empty without /proc."""
    before, began = {}, time.monotonic()
    for pid, what in _with_children(roots).items():
        if (spent := _cpu_seconds(pid)) is not None:
            before[pid] = (what, spent)
    if not before:
        return []
    time.sleep(seconds)
    span = time.monotonic() - began
    found = []
    for pid, (what, spent) in before.items():
        after, memory = _cpu_seconds(pid), _memory(pid)
        if after is not None and memory is not None:
            found.append(Usage(pid, what, memory, (after - spent) / span))
    return found


def parent_of(pid: int) -> int | None:
    """The process that started it, None where that is not to be known."""
    fields = _stat(pid)
    return int(fields[1]) if fields else None


def command_of(pid: int) -> list[str]:
    """Its command line; empty where that is not to be known."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def _with_children(roots: Mapping[int, str]) -> dict[int, str]:
    found = dict(roots)
    waiting = list(roots)
    children: dict[int, list[int]] = {}
    for pid in _pids():
        parent = parent_of(pid)
        if parent is not None:
            children.setdefault(parent, []).append(pid)
    while waiting:
        pid = waiting.pop()
        for child in children.get(pid, ()):
            if child not in found and child != os.getpid():
                found[child] = found[pid]
                waiting.append(child)
    return found


def _pids() -> Iterable[int]:
    try:
        return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    except OSError:
        return []


def _stat(pid: int) -> list[str] | None:
    """The fields after the name, which may hold blanks and brackets: state, parent, …"""
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _cpu_seconds(pid: int) -> float | None:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else None


def _memory(pid: int) -> int | None:
    """Its proportional share; the whole resident size where we may not ask for the share (another user's process)."""
    for name, word in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = (PROC / str(pid) / name).read_text(errors="replace").splitlines()
        except OSError:
            continue
        for line in lines:
            if line.startswith(word):
                return int(line.split()[1]) * 1024
    return None
