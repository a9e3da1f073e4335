"""The machine a run was made on, for whoever compares runs."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from safar.postgres.connections import connect


def describe_machine(url: str) -> dict[str, str]:
    """processor, cores, memory, system, load, postgresql, and the server's settings that matter."""
    with connect(url, application_name="safar bench") as connection:
        names = (
            "server_version",
            "shared_buffers",
            "synchronous_commit",
            "fsync",
            "full_page_writes",
            "wal_compression",
        )
        settings = {
            name: (connection.execute("SELECT current_setting(%s)", (name,)).fetchone() or ("?",))[0] for name in names
        }
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "load": " ".join(f"{one:.1f}" for one in os.getloadavg()),
        "postgresql": settings.pop("server_version"),
        **settings,
    }


def _memory() -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return "?"
    return f"{total / 2**30:.1f} GB"


def _first(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
