"""A duration added to a moment, in SQL text."""

from __future__ import annotations

from dataclasses import replace

from safar.journeys.compiler.text import sql, text
from safar.journeys.expressions import add
from safar.lib.durations import Duration
from safar.segments.reading import Reading


def after(moment: str, duration: Duration, reading: Reading) -> str:
    """moment + duration. Without a calendar part the zone does not matter, so the plain operator serves."""
    if not duration.calendar_part:
        return f"({moment} + interval '{duration.exact.total_seconds():.6f} seconds')"
    return text(add(sql(moment), duration, replace(reading, at=sql(moment))))
