"""One transaction a step, as peers do: read the enrollment, decide in Python, write it, commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

_READ = """
SELECT e.place, e.entered_at, e.trail, e.id, e.entry_no, c.traits FROM enrollment e
JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id
WHERE e.bucket = %s AND e.contact_id = %s AND e.journey_id = %s AND e.one_per = '' AND e.state = 0 FOR UPDATE OF e
"""
_WRITE = """
UPDATE enrollment SET place = %s, since = %s, wake_at = %s, trail = trail || %s::bigint[]
WHERE bucket = %s AND contact_id = %s AND journey_id = %s AND one_per = ''
"""
_TAG = "INSERT INTO contact_tag (bucket, contact_id, tag, at) VALUES (%s, %s, 'from-tehran', %s) ON CONFLICT DO NOTHING"
_LETTER = """
INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect, decided_at, due_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'message', %s, %s, %s)
"""
FIRST, CITY, MARK, LOT, LETTER, SECOND = range(6)


class Peer:
    """Walks contacts of the bench's journey from `first` to `second`, one point a transaction. connection: autocommit."""

    def __init__(self, connection: psycopg.Connection[Any], workspace_id: int, journey_id: int) -> None:
        self.connection, self.workspace_id, self.journey_id = connection, workspace_id, journey_id
        connection.prepare_threshold = 0

    def walk(self, contact: int, at: datetime) -> int:
        """Returns the steps."""
        steps = 1
        while self.step(contact, at):
            steps += 1
        return steps

    def step(self, contact: int, at: datetime) -> bool:
        """One step in a transaction; False where the contact stands again."""
        bucket = contact & 1023
        with self.connection.transaction():
            row = self.connection.execute(_READ, (bucket, contact, self.journey_id)).fetchone()
            assert row is not None
            place, entered, trail, enrollment, entry_no, traits = row
            if place == MARK:
                self.connection.execute(_TAG, (bucket, contact, at))
            elif place == LETTER:
                effect = Jsonb({"journey": "six-points", "point": "letter", "channel": "email", "template": "a-letter"})
                ids = (bucket, self.workspace_id, contact, self.journey_id, enrollment, entry_no, len(trail), LETTER)
                self.connection.execute(_LETTER, (*ids, effect, at, at))
            following = _next(place, contact, traits)
            passed = [int((at - entered).total_seconds() * 1e6), place]
            wake = at if following == SECOND else None
            self.connection.execute(_WRITE, (following, at, wake, passed, bucket, contact, self.journey_id))
        return following != SECOND


def _next(place: int, contact: int, traits: dict[str, Any]) -> int:
    if place == CITY:
        return MARK if traits.get("city") == "Tehran" else LOT
    if place == LOT:
        return LETTER if (contact >> 10) % 4 < 2 else SECOND
    return {FIRST: CITY, MARK: LOT, LETTER: SECOND}[place]
