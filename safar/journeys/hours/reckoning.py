"""The hours at which contacts open and click: reckoned anew once a day for the workspaces whose live journeys ask for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg

from safar.lib.sqlfile import load_sql

LEAST = 5  # opens and clicks from which an hour says something
EVERY = timedelta(hours=20)

_ASKING = """
SELECT DISTINCT j.workspace_id FROM journeys_version v JOIN journeys_journey j ON j.id = v.journey_id
  LEFT JOIN workspace_hour h ON h.workspace_id = j.workspace_id
 WHERE v.live AND j.state <> 'archived' AND v.definition LIKE %(word)s AND (h.reckoned_at IS NULL OR h.reckoned_at <= %(before)s) ORDER BY 1
"""


def reckon_hours(conn: psycopg.Connection[Any], now: datetime) -> int:
    """Of every workspace whose turn it is; how many those were. Twice at once does no harm."""
    asking = conn.execute(_ASKING, {"word": "%best_hour%", "before": now - EVERY}).fetchall()
    for (workspace,) in asking:
        reckon_workspace(conn, workspace, now)
    return len(asking)


def reckon_if_due(conn: psycopg.Connection[Any], workspace_id: int, now: datetime) -> None:
    """Of one workspace, unless that was done lately: who begins to ask for hours does not wait for the next round."""
    row = conn.execute("SELECT reckoned_at FROM workspace_hour WHERE workspace_id = %s", (workspace_id,)).fetchone()
    if row is None or row[0] <= now - EVERY:
        reckon_workspace(conn, workspace_id, now)


def reckon_workspace(
    conn: psycopg.Connection[Any], workspace_id: int, now: datetime, *, least: int = LEAST
) -> tuple[int, int | None]:
    """(contacts with an hour of their own, the workspace's hour or None)."""
    asked = {"workspace": workspace_id, "now": now, "least": least}
    row = conn.execute(load_sql("safar.journeys.hours", "reckon"), asked).fetchone()
    assert row is not None
    return int(row[0]), row[1]
