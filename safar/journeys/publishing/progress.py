"""How far engines have come with reading everybody for a publishing, and stopping it: who has not come in by then does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.journeys.models import Journey
from safar.journeys.services import find_journey
from safar.lib.faults import Fault, Refused, said

_LAST = """
SELECT p.id, v.number, p.already, p.at, p.stopped_at IS NOT NULL, p.lanes_left > 0 OR EXISTS (SELECT FROM timer t WHERE t.publishing_id = p.id),
    coalesce(sum(l.people), 0)::bigint, coalesce(sum(l.read), 0)::bigint, coalesce(sum(l.entered), 0)::bigint,
    coalesce(sum(l.held_out), 0)::bigint, coalesce(sum(l.refused), 0)::bigint
FROM (SELECT * FROM publishing WHERE journey_id = %s ORDER BY id DESC LIMIT 1) p
JOIN journeys_version v ON v.id = p.version_id LEFT JOIN publishing_lane l ON l.publishing_id = p.id
GROUP BY p.id, v.number, p.already, p.at, p.stopped_at, p.lanes_left
"""


@dataclass(frozen=True)
class Progress:
    """Of the last publishing that anybody had to be read for. version: its number. already: who matches already was asked for.

    people: to be read, as far as lanes have put them down; read: have been. entered, held_out, refused: what came of those who matched.
    going: engines are at it still.
    """

    number: int
    version: int
    already: bool
    at: datetime
    stopped: bool
    going: bool
    people: int
    read: int
    entered: int
    held_out: int
    refused: int

    @property
    def takes_in(self) -> bool:
        """Whether anybody comes in by it, or may."""
        return (self.already or self.entered + self.held_out + self.refused > 0) and not (self.going and self.stopped)

    @property
    def per_cent(self) -> int:
        return int(self.share * 100)

    @property
    def share(self) -> float:
        """0 to 1. Whoever was merged or left out in between is nobody to wait for, so what is over is whole."""
        if not self.going:
            return 1.0
        return min(self.read / self.people, 0.99) if self.people else 0.0


def read_progress(connection: psycopg.Connection[Any], journey: Journey) -> Progress | None:
    """None where nobody ever had to be read."""
    row = connection.execute(_LAST, (journey.pk,)).fetchone()
    return Progress(*row) if row else None


def stop_taking_in(workspace: Workspace, key: str, *, connection: psycopg.Connection[Any]) -> None:
    """Nobody comes in any more because they match already; dates and segments are made ready all the same.

    connection: autocommit. Raises Refused where nothing is under way.
    """
    journey = find_journey(workspace, key)
    found = read_progress(connection, journey)
    if found is None or not found.going or found.stopped:
        raise Refused([Fault("journey", said("nobody is being taken into '%(key)s' any more", key=key))])
    connection.execute("UPDATE publishing SET stopped_at = clock_timestamp() WHERE id = %s", (found.number,))
