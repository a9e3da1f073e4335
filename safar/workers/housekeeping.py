"""What is done now and then and belongs to nobody's request: partitions made in time, scratch schemas cleared, counts added up."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.events.partitions import ensure_partitions
from safar.journeys.engine.compacting import compact_counts
from safar.journeys.erasing import erase_again
from safar.journeys.hours.reckoning import reckon_hours
from safar.journeys.retention.sweep import list_workspaces, sweep
from safar.postgres.connections import connect
from safar.postgres.errors import ServerFault
from safar.postgres.scratch import drop_stale_scratch
from safar.shops.showing import forget_deliveries

log = logging.getLogger(__name__)

SWEEP_SECONDS = 600.0
SECONDS = 3600.0  # partitions are made a week ahead: a missed hour, or a whole weekend, harms nothing


class Housekeeper:
    """Keeps house from a thread of an engine process. Several at once are harmless: each thing is done under a lock."""

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        self._url = url
        self._seconds = seconds
        self._stop = threading.Event()

    def keep(self, now: datetime) -> None:
        """Once. A session of its own for the moment: an idle one would cost memory all day."""
        try:
            with connect(self._url, application_name="safar housekeeping", statement_timeout=600) as conn:
                made = ensure_partitions(conn, now)
                dropped = drop_stale_scratch(conn)
                added_up = compact_counts(conn, now)
                erase_again(conn, now)
                reckon_hours(conn, now)
                taken = self._sweep(conn, now)
                forget_deliveries(conn, now)
        except (psycopg.Error, ServerFault) as error:
            log.warning("housekeeping is put off: %s", str(error).strip())
            return
        except Exception:  # a bug: logged, and the thread lives on
            log.exception("housekeeping failed")
            return
        if made or dropped or added_up or taken:
            what = "housekeeping: %d partitions changed, %d scratch schemas dropped, %d counts added up, %d too old"
            log.info(what, made, len(dropped), added_up, taken)

    def _sweep(self, conn: psycopg.Connection[Any], now: datetime) -> int:
        """What workspaces keep no longer, as far as the time of one round reaches; the next goes on."""
        until = time.monotonic() + SWEEP_SECONDS

        def go_on() -> bool:
            return time.monotonic() < until and not self._stop.is_set()

        return sum(sum(sweep(conn, one, now, go_on=go_on).values()) for one in list_workspaces(conn))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep house as long as the block lasts, first at once."""

        def loop() -> None:
            while True:
                self.keep(datetime.now(UTC))
                if self._stop.wait(self._seconds):
                    return

        threading.Thread(target=loop, name="housekeeping", daemon=True).start()
        try:
            yield
        finally:
            self._stop.set()
