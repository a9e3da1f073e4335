"""Asking for a look back, and finding what came of it: one result a workspace is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from safar.accounts.models import Workspace
from safar.channels.senders import read_senders
from safar.content.filters import RIALS
from safar.events.jobs.queue import FINISHED, OPEN, Job, list_jobs, put_job, start_job
from safar.journeys.backtest.asking import setting_of
from safar.journeys.lookback.columns import guess_columns
from safar.journeys.lookback.job import KIND, file_of
from safar.journeys.lookback.orders import Order, read_header, read_orders
from safar.lib.faults import Fault, Refused, said

MOST = 256 << 20  # bytes of a file
LOOKED_AT = 50  # orders of a preview


@dataclass(frozen=True)
class LookBacks:
    """going: the one under way; kept: the last that came to its end; failed: the newest, where it did not."""

    going: Job | None
    kept: Job | None
    failed: Job | None


@dataclass(frozen=True)
class Look:
    """A file before it is played: its header, what the columns are taken for, the first orders as they would be read, or why they cannot be."""

    header: list[str]
    columns: Mapping[str, int]
    orders: list[Order]
    faults: list[Fault]


def ask_recorded(conn: psycopg.Connection[Any], workspace: Workspace, *, by: str, now: datetime) -> int:
    """Over what the workspace has recorded, up to this moment; the number of the job. Raises Refused where one is under way."""
    _only_one(conn, workspace.pk)
    asked = {"source": "recorded", "until": now.isoformat(), **_weights(conn, workspace)}
    job = put_job(conn, workspace_id=workspace.pk, kind=KIND, by=by, asked=asked)
    start_job(conn, workspace_id=workspace.pk, job=job, asked={})
    return job


def put_orders(
    conn: psycopg.Connection[Any], workspace: Workspace, *, by: str, name: str, file: Iterable[bytes]
) -> int:
    """Keeps a file until its columns are chosen (`ask_file`). file: its pieces. Raises ValueError for one that is too large."""
    unit = workspace.currency_unit or workspace.currency
    asked = {"source": "file", "file": name[:200], "unit": unit, **_weights(conn, workspace, unit)}
    return put_job(conn, workspace_id=workspace.pk, kind=KIND, by=by, asked=asked, file=file, most=MOST)


def ask_file(conn: psycopg.Connection[Any], workspace_id: int, job: int, columns: Mapping[str, int]) -> bool:
    """Lets a file be played. False where it was before. Raises Refused where one is under way."""
    _only_one(conn, workspace_id)
    return start_job(conn, workspace_id=workspace_id, job=job, asked={"columns": dict(columns)})


def look(conn: psycopg.Connection[Any], job: Job, columns: Mapping[str, int] | None) -> Look:
    """The first orders of a kept file. columns: as chosen; as guessed if left out. Raises Refused where it is no file that can be read."""
    with tempfile.TemporaryDirectory(prefix="safar-look-") as name:
        path = file_of(conn, job.id, Path(name))
        header = read_header(path)
        taken = guess_columns(header) if columns is None else columns
        try:
            orders = read_orders(path, ZoneInfo(job.asked["zone"]), taken)
        except Refused as refused:
            return Look(header, taken, [], list(refused.faults))
    return Look(header, taken, orders.found[:LOOKED_AT], [])


def read_look_backs(conn: psycopg.Connection[Any], workspace_id: int) -> LookBacks:
    jobs = [job for job in list_jobs(conn, workspace_id, KIND) if job.state != OPEN]
    going = next((job for job in jobs if job.going), None)
    kept = next((job for job in jobs if job.state == FINISHED), None)
    failed = jobs[0] if jobs and not jobs[0].going and jobs[0].state != FINISHED else None
    return LookBacks(going, kept, failed)


def _weights(conn: psycopg.Connection[Any], workspace: Workspace, unit: str = "") -> dict[str, Any]:
    """unit: what prices are wanted in; the workspace's currency if left out."""
    scale = Decimal(RIALS.get(unit, 1)) / RIALS.get(workspace.currency, 1) if unit else 1
    prices = {channel: line.part_price for channel, line in read_senders(conn, workspace.pk).items()}
    shown = {channel: None if price is None else str(price / scale) for channel, price in prices.items()}
    return {**setting_of(workspace), "language": workspace.language, "prices": shown}


def _only_one(conn: psycopg.Connection[Any], workspace_id: int) -> None:
    if read_look_backs(conn, workspace_id).going is not None:
        raise Refused([Fault("lookback", said("a look back is under way"))])
