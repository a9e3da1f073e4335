"""Best hours in a back-test: reckoned from the history's own opens and clicks, at its beginning and every seven days of its clock.

Live they are reckoned once a day. Where a history tells of no opens and clicks nothing is known, and messages go at once: an assumption, which the
result states.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from safar.journeys.backtest.wanted import Wanted
from safar.journeys.definition.model import Definition
from safar.journeys.hours.reckoning import LEAST
from safar.journeys.kinds import outgoing
from safar.lib.sqlfile import load_sql

REACTIONS = frozenset(("email_opened", "email_clicked", "sms_clicked"))
EVERY = timedelta(days=7)
HERE = "SELECT s.hour, s.n FROM seen s"  # over a file everybody is in the scratch tables


@dataclass(frozen=True)
class Known:
    """As they were at the end. own: contacts with an hour of their own; house: that of all together, None where it is not known."""

    own: int
    house: int | None

    def as_json(self) -> dict[str, int | None]:
        return {"own": self.own, "house": self.house}


@dataclass(frozen=True)
class Hours:
    """Reckons them. history: a recorded workspace, None over a file; keys: of the drafts."""

    zone: str
    history: int | None = None
    keys: Sequence[str] = ()

    def reckon(self, connection: psycopg.Connection[Any], now: datetime) -> Known:
        asked = {"zone": self.zone, "now": now, "least": LEAST, "history": self.history, "keys": list(self.keys)}
        slot = HERE if self.history is None else load_sql("safar.journeys.backtest", "hours_recorded")
        text = load_sql("safar.journeys.backtest", "hours_own").replace("{everybody}", slot)
        row = connection.execute(text, asked).fetchone()
        assert row is not None
        return Known(int(row[0]), row[1])


def asks_for_hours(definitions: Sequence[Definition]) -> bool:
    found = (outgoing(point.kind, point.params) for definition in definitions for point in definition.points)
    return any(out is not None and out.best_hour for out in found)


def with_reactions(wanted: Wanted, definitions: Sequence[Definition]) -> Wanted:
    """What a back-test has to walk, with opens and clicks where hours are made of them."""
    asks = wanted.names is not None and asks_for_hours(definitions)
    return Wanted(wanted.names | REACTIONS) if asks and wanted.names is not None else wanted


def moments(begin: datetime, until: datetime) -> Iterator[datetime]:
    """When hours are reckoned."""
    while begin < until:
        yield begin
        begin += EVERY
