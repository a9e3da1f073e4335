"""Campaigns that pause themselves: whatever comes back of e-mail has their figures looked at (``channels.reports.brakes``), a few seconds later."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.reports.brakes import end_brakes, note_brake, read_figures, take_checks
from safar.journeys.campaigns.plan import is_campaign
from safar.journeys.engine.load import touch_plan
from safar.journeys.models import LIVE, PAUSED
from safar.outbox.holds import hold

log = logging.getLogger(__name__)

SECONDS = 5.0
_LIVE = """
    SELECT j.key, v.definition FROM journeys_journey j JOIN journeys_version v ON v.journey_id = j.id AND v.live
     WHERE j.id = %s AND j.workspace_id = %s AND j.state = %s FOR UPDATE OF j"""
_HELD = f"SELECT id FROM journeys_journey WHERE state = '{PAUSED}'"


def brake_once(conn: Connection[Any], now: datetime) -> int:
    """Look at those of which something came back. conn: autocommit. Returns how many campaigns were paused. Any number may do it at once: a check
    is taken by one of them."""
    with conn.transaction():
        paused = sum(_brake(conn, workspace_id, journey_id, now) for workspace_id, journey_id in take_checks(conn))
        end_brakes(conn, held=_HELD, now=now)
    return paused


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
