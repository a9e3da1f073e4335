"""Counts of hours that are over, added up: a page that shows living figures reads them every few seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from safar.lib.sqlfile import load_sql


def compact_counts(connection: psycopg.Connection[Any], now: datetime) -> int:
    """Adds up what engines counted before the hour of ``now``; how many rows fewer there are. Harmless at any time."""
    before = now.replace(minute=0, second=0, microsecond=0)
    row = connection.execute(load_sql("safar.journeys.engine.sql", "compact_counts"), {"before": before}).fetchone()
    return int(row[0] - row[1]) if row else 0
