"""Where campaigns stand: planned, going out, gone; who got them, who did not and why. From the counts of the map and the messages."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.journeys.campaigns.plan import Plan, is_campaign, read_plan
from safar.journeys.models import ARCHIVED, PAUSED, Journey
from safar.journeys.overview import Line, Tally, read_overview
from safar.lib.thrifty import Thrifty
from safar.outbox.rows import SENT

DRAFT, PLANNED, SENDING, DONE, HELD, CANCELLED, ENDED = (
    "draft",
    "planned",
    "sending",
    "sent",
    "paused",
    "cancelled",
    "ended",
)
# An engine comes to a moment within seconds; until then nobody has entered and nothing waits, and yet it is not over.
SOON = timedelta(minutes=2)
LOST = ("skipped", "failed")

_MESSAGES = """
SELECT journey_id, state, coalesce(reason, ''), count(*) FROM message
WHERE journey_id = ANY (%s) AND kind = 'message' AND state IN ('accepted', 'assumed_sent', 'skipped', 'failed') GROUP BY 1, 2, 3
"""
_WAITING = """
SELECT journey_id, state = 4, count(*) FROM outbox
WHERE workspace_id = %s AND journey_id = ANY (%s) AND kind = 'message' GROUP BY 1, 2
"""
_READING = """
SELECT DISTINCT journey_id FROM publishing p
WHERE journey_id = ANY (%s) AND (lanes_left > 0 OR EXISTS (SELECT FROM timer t WHERE t.publishing_id = p.id))
"""
_MISSED = """
SELECT m.bucket, m.id, m.contact_id, m.state, coalesce(m.reason, ''), coalesce(c.email, c.phone, c.external_id, c.key),
    c.traits ->> 'first_name', c.traits ->> 'last_name'
FROM message m LEFT JOIN contact c ON c.bucket = m.bucket AND c.id = m.contact_id AND c.erased_at IS NULL
WHERE m.workspace_id = %(workspace)s AND m.journey_id = %(journey)s AND m.kind = 'message' AND m.state = ANY (%(states)s)
    AND (%(reason)s = '' OR m.reason = %(reason)s) AND (m.bucket, m.id) > (%(bucket)s, %(id)s)
ORDER BY m.bucket, m.id LIMIT %(size)s
"""


@dataclass
class Counts:
    """Of the messages of one campaign. skipped, failed: reason → how many. waiting: decided, not gone out yet.

    reading: engines are still looking who is in the segment.
    """

    got: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    in_doubt: int = 0
    reading: bool = False

    @property
    def skipped_all(self) -> int:
        return sum(self.skipped.values())

    @property
    def failed_all(self) -> int:
        return sum(self.failed.values())

    @property
    def decided(self) -> int:
        return self.got + self.skipped_all + self.failed_all + self.waiting + self.in_doubt


@dataclass(frozen=True)
class Campaign:
    """A campaign as it stands. plan: of what was sent, else of the draft; what went out without a moment had that of its publishing."""

    journey: Journey
    plan: Plan
    state: str
    tally: Tally
    counts: Counts
    sent: bool


@dataclass(frozen=True)
class Missed:
    """Somebody who did not get it."""

    contact_id: int
    name: str
    known_as: str
    state: str
    reason: str


_counts: Thrifty[dict[int, Counts]] = Thrifty(least=1.0, most=120.0)


def list_campaigns(connection: psycopg.Connection[Any], workspace: Workspace, now: datetime) -> list[Campaign]:
    """The newest first, those that have ended last."""
    found = [(line, draft) for line in read_overview(connection, workspace) if is_campaign(draft := _said(line))]
    ids = tuple(line.journey.pk for line, _ in found)
    counts = _counts.get((workspace.pk, ids), lambda: _read(connection, workspace, list(ids))) if ids else {}
    campaigns = [
        _campaign(line, plan, counts.get(line.journey.pk, Counts()), now)
        for line, draft in found
        if (plan := read_plan(draft, workspace.zone)) is not None
    ]
    return sorted(campaigns, key=lambda one: (one.journey.state == ARCHIVED, -one.journey.pk))


def find_campaign(
    connection: psycopg.Connection[Any], workspace: Workspace, key: str, now: datetime
) -> Campaign | None:
    """None where there is no journey of that key, or where it is no campaign."""
    found = list_campaigns(connection, workspace, now)
    return next((one for one in found if one.journey.key == key), None)


def list_missed(
    connection: psycopg.Connection[Any],
    journey: Journey,
    *,
    state: str = "",
    reason: str = "",
    after: str = "",
    size: int = 50,
) -> tuple[list[Missed], str]:
    """One page of those who were skipped or for whom it failed, and where the next begins ("" at the end).

    Raises ValueError for a state, or a place to go on from, that does not exist.
    """
    if state not in ("", *LOST):
        raise ValueError(f"there is no state '{state}'")
    bucket, _, number = (after or "-1.0").partition(".")
    asked = {
        "workspace": journey.workspace_id, "journey": journey.pk, "states": [state] if state else list(LOST),
        "reason": reason, "bucket": int(bucket), "id": int(number or 0), "size": size,
    }  # fmt: skip
    rows = connection.execute(_MISSED, asked).fetchall()
    people = [
        Missed(contact, " ".join(each for each in names if each), known_as or "", state, reason)
        for _, _, contact, state, reason, known_as, *names in rows
    ]
    return people, f"{rows[-1][0]}.{rows[-1][1]}" if len(rows) == size else ""


def _said(line: Line) -> Any:
    text = line.version.definition if line.version else line.journey.draft
    return json.loads(text) if text else None


def _read(connection: psycopg.Connection[Any], workspace: Workspace, journeys: list[int]) -> dict[int, Counts]:
    found = {journey: Counts() for journey in journeys}
    for journey, state, reason, n in connection.execute(_MESSAGES, (journeys,)).fetchall():
        if state in SENT:
            found[journey].got += n
        else:
            (found[journey].skipped if state == "skipped" else found[journey].failed)[reason] += n
    for journey, doubt, n in connection.execute(_WAITING, (workspace.pk, journeys)).fetchall():
        if doubt:
            found[journey].in_doubt = n
        else:
            found[journey].waiting = n
    for (journey,) in connection.execute(_READING, (journeys,)).fetchall():
        found[journey].reading = True
    return found


def _campaign(line: Line, plan: Plan, counts: Counts, now: datetime) -> Campaign:
    if line.version is not None and plan.at is None:
        plan = replace(plan, at=line.version.published_at)
    return Campaign(line.journey, plan, _state(line, plan, counts, now), line.tally, counts, line.version is not None)


def _state(line: Line, plan: Plan, counts: Counts, now: datetime) -> str:
    if line.journey.state == ARCHIVED:
        return ENDED if line.tally.entered else CANCELLED
    if line.version is None:
        return DRAFT
    if line.journey.state == PAUSED:
        return HELD
    begins, ends = plan.begins, plan.ends
    if begins is not None and now < begins and not line.tally.entered:
        return PLANNED
    on_their_way = counts.waiting or counts.reading or line.tally.on_the_road
    return SENDING if on_their_way or (ends is not None and now < ends + SOON) else DONE
