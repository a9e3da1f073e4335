"""What is done now and then and belongs to nobody's request: partitions made in time, scratch schemas cleared, counts added up."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime
from typing import Any

import psycopg

from safar.events.partitions import ensure_partitions
from safar.journeys.engine.compacting import compact_counts
from safar.journeys.erasing import erase_again
from safar.journeys.hours.reckoning import reckon_hours
from safar.journeys.retention.sweep import list_workspaces, sweep
from safar.postgres.scratch import drop_stale_scratch
from safar.shops.showing import forget_deliveries

log = logging.getLogger(__name__)

SWEEP_SECONDS = 600.0
SECONDS, STATEMENT_SECONDS = (
    3600.0,
    600,
)  # partitions are made a week ahead: a missed hour, or a whole weekend, harms nothing


def keep_house(conn: psycopg.Connection[Any], now: datetime, *, stop: threading.Event) -> None:
    """Once. Several at once are harmless: each thing is done under a lock. conn: autocommit; stop: ends what is long."""
    made = ensure_partitions(conn, now)
    dropped = drop_stale_scratch(conn)
    added_up = compact_counts(conn, now)
    erase_again(conn, now)
    reckon_hours(conn, now)
    taken = _sweep(conn, now, stop)
    forget_deliveries(conn, now)
    if made or dropped or added_up or taken:
        what = "housekeeping: %d partitions changed, %d scratch schemas dropped, %d counts added up, %d too old"
        log.info(what, made, len(dropped), added_up, taken)


def _sweep(conn: psycopg.Connection[Any], now: datetime, stop: threading.Event) -> int:
    """What workspaces keep no longer, as far as the time of one round reaches; the next goes on."""
    until = time.monotonic() + SWEEP_SECONDS

    def go_on() -> bool:
        return time.monotonic() < until and not stop.is_set()

    return sum(sum(sweep(conn, one, now, go_on=go_on).values()) for one in list_workspaces(conn))
