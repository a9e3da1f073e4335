"""How many of a segment would get a campaign, and why the others would not: the gate's own questions, asked beforehand.

What the gate finds at the hand-over decides; this is for whoever plans. Its order is the gate's: address, consent, suppression.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Literal

from safar.accounts.models import Workspace
from safar.segments.people import BUCKETS, EVERYBODY, FIRST_SLICE
from safar.segments.reading import Condition
from safar.segments.services import read_segments, reading_now

ADDRESS = {"email": SQL("lower(btrim(c.email))"), "sms": SQL("btrim(c.phone)")}
_COUNT = SQL(
    "SELECT reason, count(*) FROM ("
    " SELECT CASE WHEN coalesce({address}, '') = '' THEN 'no_address'"
    " WHEN NOT EXISTS (SELECT FROM consent n WHERE n.bucket = c.bucket AND n.contact_id = c.id AND n.channel = {channel}"
    " AND n.state = 'given' OFFSET 0) THEN 'no_consent'"
    " WHEN EXISTS (SELECT FROM suppression s WHERE s.workspace_id = c.workspace_id AND s.channel = {channel}"
    " AND s.address = {address} OFFSET 0) THEN 'suppressed' ELSE '' END AS reason"
    " FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    " WHERE c.bucket >= {low} AND c.bucket < {high} AND {who}) r GROUP BY 1"
)


@dataclass(frozen=True)
class Reach:
    """people: in the segment. whole: counted to the end; else the figures are the least that they are."""

    people: int
    no_address: int
    no_consent: int
    suppressed: int
    whole: bool

    @property
    def could(self) -> int:
        """How many could get it."""
        return self.people - self.no_address - self.no_consent - self.suppressed


def count_reach(
    connection: psycopg.Connection[Any], workspace: Workspace, segment: str, channel: str, *, seconds: float = 2.0
) -> Reach | None:
    """Bucket by bucket until the time is up; None where the segment cannot be read. connection: autocommit, no transaction open."""
    segments = read_segments(workspace)
    condition: Condition | None = segments.get(segment)
    if condition is None or channel not in ADDRESS:
        return None
    holds = condition.holds(reading_now(connection, workspace, segments))
    who: Composable = SQL("{} AND {}").format(EVERYBODY.format(Literal(workspace.pk)), holds)
    found: dict[str, int] = {}
    until, low, step = time.monotonic() + seconds, 0, FIRST_SLICE
    while low < BUCKETS and until - time.monotonic() > 0.005:
        began, high = time.monotonic(), min(low + step, BUCKETS)
        statement = _COUNT.format(
            address=ADDRESS[channel], channel=Literal(channel), low=Literal(low), high=Literal(high), who=who
        )
        try:
            with connection.transaction():
                left = str(max(1, int((until - began) * 1000)))
                connection.execute("SELECT set_config('statement_timeout', %s, true)", (left,))
                rows = connection.execute(statement).fetchall()
        except psycopg.errors.QueryCanceled:
            break
        for reason, people in rows:
            found[reason] = found.get(reason, 0) + people
        low, step = high, step * 2 if time.monotonic() - began < seconds / 10 else step
    reasons = {name: found.get(name, 0) for name in ("no_address", "no_consent", "suppressed")}
    return Reach(people=sum(found.values()), **reasons, whole=low >= BUCKETS)
