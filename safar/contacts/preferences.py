"""How often a contact wants to hear from us, and whether it may be seen what they do with it. What they said stands in `consent` beside channels and topics, so that time, proof, merging, erasing
and archives are the same (docs/semantics.md 59):

    channel ``frequency``: everything, weekly (at most once a week), monthly (at most once a month)
    channel ``pause``: paused (for 30 days from the time it was said), ended
    channel ``tracking``: withdrawn (nobody is to see what they open and click), given
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

FREQUENCY, PAUSE, TRACKING = "frequency", "pause", "tracking"  # as `consent.channel`
EVERYTHING, WEEKLY, MONTHLY = "everything", "weekly", "monthly"
PAUSED, ENDED = "paused", "ended"
FREQUENCIES = (EVERYTHING, WEEKLY, MONTHLY)
PAUSES = (PAUSED, ENDED)
GIVEN, WITHDRAWN = "given", "withdrawn"
STATES = {FREQUENCY: FREQUENCIES, PAUSE: PAUSES, TRACKING: (GIVEN, WITHDRAWN)}
SWITCHES = {PAUSE: (PAUSED, ENDED), TRACKING: (GIVEN, WITHDRAWN)}  # what true and false stand for
PAUSE_DAYS = 30  # the gate says so as well
LEAST_APART = {
    WEEKLY: timedelta(days=7),
    MONTHLY: timedelta(days=30),
}  # between two marketing messages, by whatever channel

_SAID = "SELECT channel, state, at FROM consent WHERE bucket = %s AND contact_id = %s AND channel IN ('frequency', 'pause', 'tracking')"


class Cursor(Protocol):
    """Django's cursor or psycopg's."""

    def execute(self, query: Any, params: Any = None) -> Any: ...
    def fetchall(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Preferences:
    """frequency: one of FREQUENCIES. paused_until: None where they did not ask for a pause, or ended it; it may be past. tracked: False
    where they do not want it to be seen what they open and click.
    """

    frequency: str = EVERYTHING
    paused_until: datetime | None = None
    tracked: bool = True

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until


def read_preferences(cursor: Cursor, contact: int) -> Preferences:
    """What a contact said; EVERYTHING where they said nothing."""
    cursor.execute(_SAID, (contact & 1023, contact))
    said = {channel: (state, at) for channel, state, at in cursor.fetchall()}
    state, at = said.get(PAUSE, (ENDED, None))
    until = at + timedelta(days=PAUSE_DAYS) if state == PAUSED and at is not None else None
    tracked = said.get(TRACKING, (GIVEN, None))[0] != WITHDRAWN
    return Preferences(said.get(FREQUENCY, (EVERYTHING, None))[0], until, tracked)
