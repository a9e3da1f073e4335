"""Loading the demo: two workspaces with 180 days behind them, once in an installation's life.

What was begun and cut off goes on: the audit log holds with what numbers it was begun, the same numbers make the same people, and
every lane's people come into the house together or not at all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from psycopg import Connection

from safar.accounts.models import AuditEntry
from safar.accounts.services import COMMAND_LINE, record
from safar.demo.aside import TABLES, move_in, set_aside
from safar.demo.past import lanes_of, walk_past
from safar.demo.setting_up import set_up
from safar.demo.shop import DAYS, Town, build_towns
from safar.events.catalogue import learn_log
from safar.events.partitions import ensure_partitions
from safar.journeys.engine.load import load_plan, touch_plan
from safar.journeys.engine.session import Session
from safar.postgres.connections import connect
from safar.postgres.scratch import scratch_schema

Progress = Callable[[int, int], None]  # done, all, in the same unit
BEGUN, LOADED = "begin_demo", "load_demo"  # actions in the audit log
LOCK = 0x5AFA_DE30  # advisory: two that load at once do it one after the other
HANDS = 2  # lanes at a time: the engine's part is PostgreSQL's work, so two keep two cores busy
_FILLED = """
SELECT FROM public.bucket_lane b JOIN public.contact c ON c.bucket = b.bucket
 WHERE b.lane = %s AND c.workspace_id = ANY (%s) LIMIT 1
"""


@dataclass(frozen=True)
class DemoReport:
    """contacts, events, messages: how many were loaded by this call. already: it had been loaded before, nothing was done.

    now: the moment up to which the shops have lived; seconds: how long it took.
    """

    workspaces: tuple[str, ...]
    contacts: int
    events: int
    messages: int
    now: datetime
    seconds: float
    already: bool = False


def load_demo(
    url: str,
    *,
    contacts: int,
    now: datetime,
    seed: int = 1,
    days: int = DAYS,
    progress: Progress = lambda done, total: None,
) -> DemoReport:
    """Load both shops, once: a second call changes nothing and says so. Django has to be set up for the same database.

    contacts: of both together; now: with a zone; days: of the past. Raises Refused where a workspace of the same name is no demo,
    ValueError for fewer than one contact, psycopg.Error.
    """
    if contacts < 1 or now.tzinfo is None:
        raise ValueError("a demo has a contact at least, and `now` has a zone")
    began = time.monotonic()
    with connect(url, application_name="safar demo") as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (LOCK,))  # given back when the session ends, however it ends
        loaded = AuditEntry.objects.filter(action=LOADED).order_by("-id").first()
        if loaded is not None:
            known = loaded.details
            return DemoReport(
                tuple(known["workspaces"]), 0, 0, 0, datetime.fromisoformat(known["now"]), 0.0, already=True
            )
        numbers = _begin(contacts, now, seed, days)
        now = datetime.fromisoformat(numbers["now"])
        towns = build_towns(numbers["contacts"], now, numbers["seed"], numbers["days"])
        ensure_partitions(conn, now)
        placed = [
            (town, set_up(conn, town.shop, datetime.fromtimestamp(town.season.start, now.tzinfo)).pk) for town in towns
        ]
        events, messages = _fill(url, conn, placed, now, progress)
        for table in TABLES:
            conn.execute(f"ANALYZE {table}")
        for _, workspace in placed:
            learn_log(conn, workspace)
        slugs = tuple(town.shop.slug for town in towns)
        # Of no workspace, so that it stays when somebody deletes the demo: the next start must not bring it back.
        record(None, COMMAND_LINE, LOADED, "demo", {**numbers, "workspaces": slugs})
        touch_plan(conn)
        conn.execute("SELECT pg_notify('safar_outbox', '')")
    people = sum(town.contacts for town in towns)
    return DemoReport(slugs, people, events, messages, now, time.monotonic() - began)


def _begin(contacts: int, now: datetime, seed: int, days: int) -> dict[str, Any]:
    """With what numbers it is done: those of the first attempt, which may have been cut off."""
    begun = AuditEntry.objects.filter(action=BEGUN).order_by("-id").first()
    if begun is not None:
        return dict(begun.details)
    numbers = {"contacts": contacts, "now": now.isoformat(), "seed": seed, "days": days}
    record(None, COMMAND_LINE, BEGUN, "demo", numbers)
    return numbers


def _fill(
    url: str, conn: Connection[Any], placed: list[tuple[Town, int]], now: datetime, progress: Progress
) -> tuple[int, int]:
    """Every lane that is not filled yet, a few at a time; (events, messages)."""
    lanes = lanes_of(conn, [town for town, _ in placed])
    whole = sum(map(len, lanes.values()))
    done = dict.fromkeys(lanes, 0)
    telling = Lock()
    progress(0, whole)

    def fill(lane: int) -> tuple[int, int]:
        def report(share: float) -> None:
            with telling:
                done[lane] = int(len(lanes[lane]) * share)
                progress(sum(done.values()), whole)

        found = _fill_lane(url, lane, lanes[lane], placed, now, report)
        report(1)
        return found

    with ThreadPoolExecutor(min(HANDS, os.cpu_count() or 1), "safar demo") as hands:
        found = list(hands.map(fill, lanes))
    return sum(events for events, _ in found), sum(messages for _, messages in found)


def _fill_lane(
    url: str,
    lane: int,
    people: Sequence[tuple[int, int]],
    placed: Sequence[tuple[Town, int]],
    now: datetime,
    report: Callable[[float], None],
) -> tuple[int, int]:
    """(events, messages) of a lane; nothing where it has been filled before."""
    with scratch_schema(url, "demo") as conn:
        if conn.execute(_FILLED, (lane, [workspace for _, workspace in placed])).fetchone() is not None:
            return 0, 0
        conn.execute("SET synchronous_commit = off")
        set_aside(conn)
        session, plan = Session(conn), load_plan(conn)
        session.settle(plan)
        counts = walk_past(session, plan, people, placed, now, report)
        move_in(conn, lane, now)
        return counts
