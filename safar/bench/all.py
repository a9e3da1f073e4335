"""The benchmarks by name, each with the size that its figures are promised for and a small one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from safar.bench.report import Report
from safar.bench.scratch import scratch_database

Say = Callable[[str], None]
# name → module that holds bench_<name>, SIZE and SMALL; imported when it is its turn
MODULES = {
    "engine": "safar.bench.engine.run",
    "timers": "safar.bench.timers",
    "ingest": "safar.bench.ingest.run",
    "latency": "safar.bench.latency",
    "backtest": "safar.bench.backtest",
    "dispatch": "safar.bench.dispatch.run",
    "pages": "safar.bench.pages.run",
}


def run_benchmark(name: str, server: str, size: int | None, *, small: bool, say: Say) -> Report:
    """On a scratch database of ``server``. size: None is the promised one, or the small one."""
    module = import_module(MODULES[name])
    bench: Callable[[str, int, Say], Report] = getattr(module, f"bench_{name}")
    chosen = size if size is not None else module.SMALL if small else module.SIZE
    with scratch_database(server) as url:
        return bench(url, int(chosen), say)
