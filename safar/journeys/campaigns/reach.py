"""How many of a segment would get a campaign, and why the others would not: the gate's own questions, asked beforehand.

What the gate finds at the hand-over decides; this is for whoever plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.contacts.suppressing import marking
from safar.journeys.publishing.counting import count_by
from safar.journeys.publishing.lacking import REASONS, TYPED, lacking
from safar.segments.reading import Condition
from safar.segments.services import read_segments, reading_now


@dataclass(frozen=True)
class Reach:
    """people: in the segment. whole: counted to the end; else the figures are the least that they are. The others: why somebody would not get it."""

    people: int
    no_address: int
    unsubscribed: int
    no_consent: int
    paused: int
    suppressed: int
    capped: int
    whole: bool

    @property
    def could(self) -> int:
        """How many could get it."""
        lost: int = sum(getattr(self, reason) for reason in REASONS)
        return self.people - lost


def count_reach(
    connection: psycopg.Connection[Any],
    workspace: Workspace,
    segment: str,
    channel: str,
    *,
    keys: Sequence[str] = (),
    seconds: float = 2.0,
) -> Reach | None:
    """Bucket by bucket until the time is up; None where the segment cannot be read. keys: the installation's secret ones, by which those on the
    suppression list who were erased are known again. connection: autocommit, no transaction open."""
    segments = read_segments(workspace)
    condition: Condition | None = segments.get(segment)
    if condition is None or channel not in TYPED:
        return None
    holds = condition.holds(reading_now(connection, workspace, segments))
    marked = marking(connection, workspace.pk, keys)
    columns = {"reason": lacking(channel, marked=marked)}
    found, whole = count_by(connection, workspace, columns, holds, marked=marked, seconds=seconds)
    reasons = {name: found[name,] for name in REASONS}
    return Reach(people=sum(found.values()), **reasons, whole=whole)
