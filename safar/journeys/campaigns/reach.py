"""How many of a segment would get a campaign, and why the others would not: the gate's own questions, asked beforehand.

What the gate finds at the hand-over decides; this is for whoever plans. Its order is the gate's: address, consent, suppression, caps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.journeys.publishing.counting import ADDRESS, CAPPED, NO_ADDRESS, NO_CONSENT, SUPPRESSED, count_by, lacking
from safar.segments.reading import Condition
from safar.segments.services import read_segments, reading_now


@dataclass(frozen=True)
class Reach:
    """people: in the segment. whole: counted to the end; else the figures are the least that they are."""

    people: int
    no_address: int
    no_consent: int
    suppressed: int
    capped: int
    whole: bool

    @property
    def could(self) -> int:
        """How many could get it."""
        return self.people - self.no_address - self.no_consent - self.suppressed - self.capped


def count_reach(
    connection: psycopg.Connection[Any], workspace: Workspace, segment: str, channel: str, *, seconds: float = 2.0
) -> Reach | None:
    """Bucket by bucket until the time is up; None where the segment cannot be read. connection: autocommit, no transaction open."""
    segments = read_segments(workspace)
    condition: Condition | None = segments.get(segment)
    if condition is None or channel not in ADDRESS:
        return None
    holds = condition.holds(reading_now(connection, workspace, segments))
    found, whole = count_by(connection, workspace, {"reason": lacking(channel)}, holds, seconds=seconds)
    reasons = {name: found[name,] for name in (NO_ADDRESS, NO_CONSENT, SUPPRESSED, CAPPED)}
    return Reach(people=sum(found.values()), **reasons, whole=whole)
