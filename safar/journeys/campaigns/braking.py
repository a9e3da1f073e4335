"""Campaigns that pause themselves: whatever comes back of e-mail has their figures looked at (``channels.reports.brakes``), a few seconds later."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import Connection

from safar.channels.reports.brakes import end_brakes, note_brake, read_figures, take_checks
from safar.journeys.campaigns.plan import is_campaign
from safar.journeys.engine.load import touch_plan
from safar.journeys.models import LIVE, PAUSED
from safar.outbox.holds import hold
from safar.postgres.connections import connect
from safar.postgres.errors import ServerFault

log = logging.getLogger(__name__)

SECONDS = 5.0
_LIVE = """
    SELECT j.key, v.definition FROM journeys_journey j JOIN journeys_version v ON v.journey_id = j.id AND v.live
     WHERE j.id = %s AND j.workspace_id = %s AND j.state = %s FOR UPDATE OF j"""
_HELD = f"SELECT id FROM journeys_journey WHERE state = '{PAUSED}'"


class Brakes:
    """Any number may run: a check is taken by one of them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._stop = threading.Event()

    def brake_once(self, conn: Connection[Any], now: datetime) -> int:
        """Look at those of which something came back. conn: autocommit. Returns how many campaigns were paused."""
        with conn.transaction():
            paused = sum(_brake(conn, workspace_id, journey_id, now) for workspace_id, journey_id in take_checks(conn))
            end_brakes(conn, held=_HELD, now=now)
        return paused

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look from a thread as long as the block lasts."""

        def loop() -> None:
            while not self._stop.wait(SECONDS):
                try:
                    with connect(self.url, application_name="safar brakes", statement_timeout=60) as conn:
                        self.brake_once(conn, datetime.now(UTC))
                except (psycopg.Error, ServerFault) as error:
                    log.warning("the brakes are put off: %s", str(error).strip())
                except Exception:  # a bug: logged, and the thread lives on
                    log.exception("the brakes failed")

        threading.Thread(target=loop, name="brakes", daemon=True).start()
        try:
            yield
        finally:
            self._stop.set()


def _brake(conn: Connection[Any], workspace_id: int, journey_id: int, now: datetime) -> bool:
    row = conn.execute(_LIVE, (journey_id, workspace_id, LIVE)).fetchone()
    definition: Any = json.loads(row[1]) if row else None
    if row is None or not is_campaign(definition):
        return False
    figures = read_figures(conn, workspace_id=workspace_id, journey_id=journey_id)
    if not (figures.too_hard or figures.too_loud):
        return False
    conn.execute("UPDATE journeys_journey SET state = %s, updated_at = %s WHERE id = %s", (PAUSED, now, journey_id))
    hold(conn, workspace_id=workspace_id, journey_id=journey_id, reason="paused")
    touch_plan(conn)
    named = definition.get("title")
    titles = {str(key): str(text) for key, text in named.items()} if isinstance(named, dict) else {"en": row[0]}
    note_brake(conn, workspace_id=workspace_id, journey_id=journey_id, figures=figures, titles=titles, now=now)
    log.warning("campaign %s of workspace %s has paused itself: %s", row[0], workspace_id, figures)
    return True
