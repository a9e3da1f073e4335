"""The job `lookback`: the ready-made journeys over an uploaded file of orders, or over what is recorded.

An engine process does it, which knows nothing of Django: all that it needs stands in the job (`asking`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from safar.events.imports.sheets import as_csv
from safar.events.jobs.queue import Claimed, drop_ended, write_file
from safar.events.jobs.running import Run
from safar.journeys.backtest.trial import Far, heard_of, read_setting
from safar.journeys.lookback.looking import look_back_on_orders, look_back_on_recorded
from safar.journeys.lookback.orders import Orders, read_orders
from safar.journeys.lookback.reach import Weights

KIND = "lookback"
MOST = 256 << 20  # bytes of a file
LOOKED_AT = 50  # orders of a preview


def runs(url: str) -> Mapping[str, Run]:
    """For whoever does jobs."""
    return {KIND: partial(run, url)}


def run(url: str, conn: psycopg.Connection[Any], job: Claimed) -> dict[str, Any]:
    """Gives `LookBack.as_json`, and of a file how its rows were read. Whoever takes it up again begins anew. Raises Refused, Lost."""
    asked, far = job.asked, Far()
    weights = Weights(asked["language"], {name: price and Decimal(price) for name, price in asked["prices"].items()})
    setting = read_setting(asked)
    with heard_of(conn, job, far):
        if asked["source"] == "file":
            far.at_stage("reading orders")
            with tempfile.TemporaryDirectory(prefix="safar-lookback-") as name:
                read = read_orders(file_of(conn, job.id, Path(name)), ZoneInfo(asked["zone"]), asked["columns"])
            own = replace(setting, currency=asked["unit"])
            found = look_back_on_orders(url, read.found, own, weights, far.at_stage)
            told = {**found.as_json(), "file": _of_file(read)}
        else:
            until = datetime.fromisoformat(asked["until"]).astimezone(UTC)
            told = look_back_on_recorded(url, job.workspace_id, setting, until, weights, far.at_stage).as_json()
    drop_ended(conn, job, {})
    return told


def _of_file(read: Orders) -> dict[str, Any]:
    refusals = [{"line": one.line, "message": str(one.message)} for one in read.refusals[:100]]
    return {
        "rows": read.rows,
        "orders": len(read.found),
        "never": read.never,
        "refused": read.refused,
        "refusals": refusals,
    }


def file_of(conn: psycopg.Connection[Any], job: int, folder: Path) -> Path:
    """CSV, or a workbook's first sheet as one."""
    write_file(conn, job, folder / "file")
    return as_csv(folder / "file", folder).path
