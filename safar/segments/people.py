"""The people of a workspace, or those who meet a condition: pages of them, and how many while somebody waits for it.

There is no order of people but that of their key (bucket, id). A page looks at a bounded part of it, so a page may hold
fewer than were asked for, or nobody, and still not be the last.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Literal

from safar.accounts.models import Workspace
from safar.segments.reading import Condition
from safar.segments.services import read_segments, reading_now

SCAN = 5_000  # contacts looked at for one page: 2 ms by the key, 30 with a condition over events
BUCKETS = 1_024
FIRST_SLICE = 16  # buckets counted at first; as long as that is quick, twice as many each time

EVERYBODY = SQL("c.workspace_id = {} AND c.created_at IS NOT NULL AND c.merged_into IS NULL AND c.erased_at IS NULL")
_LAST = "SELECT bucket, id FROM contact WHERE (bucket, id) > (%s, %s) ORDER BY bucket, id OFFSET %s LIMIT 1"
_PAGE = SQL(
    "SELECT c.bucket, c.id FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    " WHERE (c.bucket, c.id) > ({bucket}, {id}) AND (c.bucket, c.id) <= ({to_bucket}, {to_id}) AND {who}"
    " ORDER BY c.bucket, c.id LIMIT {limit}"
)
_COUNT = SQL(
    "SELECT count(*) FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    " WHERE c.bucket >= {low} AND c.bucket < {high} AND {who}"
)

Place = tuple[int, int]  # bucket, id
BEGINNING: Place = (-1, -1)


@dataclass(frozen=True)
class People:
    """ids: in the order of the key. after: give it to have the next page; None at the end."""

    ids: Sequence[int]
    after: Place | None


@dataclass(frozen=True)
class Counted:
    """number: exact, or the least that it is where the time was up (whole False)."""

    number: int
    whole: bool


def list_people(
    conn: psycopg.Connection[Any],
    workspace: Workspace,
    condition: Condition | None = None,
    *,
    after: Place | None = None,
    limit: int = 50,
) -> People:
    """One page of the people who meet the condition, of all without one. In the caller's transaction."""
    who = _who(conn, workspace, condition)
    begin = after or BEGINNING
    row = conn.execute(_LAST, (*begin, SCAN - 1)).fetchone()
    end: Place = (row[0], row[1]) if row else (BUCKETS, 0)
    statement = _PAGE.format(
        bucket=Literal(begin[0]), id=Literal(begin[1]), to_bucket=Literal(end[0]), to_id=Literal(end[1]),
        who=who, limit=Literal(limit),
    )  # fmt: skip
    found = conn.execute(statement).fetchall()
    if len(found) == limit:
        return People([id for _, id in found], found[-1])
    return People([id for _, id in found], end if row else None)


def count_people(
    conn: psycopg.Connection[Any], workspace: Workspace, condition: Condition | None = None, *, seconds: float = 2.0
) -> Counted:
    """How many meet the condition, bucket by bucket until the time is up. The connection is autocommit, no transaction open."""
    who = _who(conn, workspace, condition)
    until = time.monotonic() + seconds
    number, low, slice = 0, 0, FIRST_SLICE
    while low < BUCKETS:
        left = until - time.monotonic()
        if left <= 0.005:
            return Counted(number, False)
        high = min(low + slice, BUCKETS)
        began = time.monotonic()
        try:
            with conn.transaction():
                conn.execute("SELECT set_config('statement_timeout', %s, true)", (str(max(1, int(left * 1000))),))
                row = conn.execute(_COUNT.format(low=Literal(low), high=Literal(high), who=who)).fetchone()
        except psycopg.errors.QueryCanceled:
            return Counted(number, False)
        number += row[0] if row else 0
        low = high
        if time.monotonic() - began < seconds / 10:
            slice *= 2
    return Counted(number, True)


def _who(conn: psycopg.Connection[Any], workspace: Workspace, condition: Condition | None) -> Composable:
    who: Composable = EVERYBODY.format(Literal(workspace.pk))
    if condition is None:
        return who
    reading = reading_now(conn, workspace, read_segments(workspace))
    return SQL("{} AND {}").format(who, condition.holds(reading))
