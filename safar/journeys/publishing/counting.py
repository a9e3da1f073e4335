"""Counting everybody while somebody waits: bucket by bucket, as far as the time reaches."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Literal

from safar.accounts.models import Workspace
from safar.segments.people import BUCKETS, EVERYBODY, FIRST_SLICE

_COUNT = SQL(
    "SELECT {names}, count(*) FROM (SELECT {columns} FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    " WHERE c.bucket >= {low} AND c.bucket < {high} AND {who}) r GROUP BY {names}"
)


def count_by(
    connection: psycopg.Connection[Any],
    workspace: Workspace,
    columns: dict[str, Composable],
    who: Composable = SQL("TRUE"),
    *,
    marked: Mapping[str, str] | None = None,
    seconds: float = 2.0,
) -> tuple[Counter[tuple[Any, ...]], bool]:
    """How many contacts there are for each combination of ``columns`` (name → SQL over c and f), and whether all were counted.

    Where the time was up the numbers are the least that they are. marked: what the columns want to be set for the transaction. connection: autocommit, no transaction open.
    """
    found: Counter[tuple[Any, ...]] = Counter()
    everybody = SQL("{} AND {}").format(EVERYBODY.format(Literal(workspace.pk)), who)
    names = SQL(", ").join([SQL(name) for name in columns])
    picked = SQL(", ").join([SQL("{} AS {}").format(column, SQL(name)) for name, column in columns.items()])
    until, low, step = time.monotonic() + seconds, 0, FIRST_SLICE
    while low < BUCKETS and until - time.monotonic() > 0.005:
        began, high = time.monotonic(), min(low + step, BUCKETS)
        statement = _COUNT.format(names=names, columns=picked, low=Literal(low), high=Literal(high), who=everybody)
        try:
            with connection.transaction():
                left = str(max(1, int((until - began) * 1000)))
                # psycopg's own cursor: Django's would write the values into the statement
                psycopg.Cursor(connection).executemany(
                    "SELECT set_config(%s, %s, true)", [("statement_timeout", left), *(marked or {}).items()]
                )
                rows = connection.execute(statement).fetchall()
        except psycopg.errors.QueryCanceled:
            break
        for *key, people in rows:
            found[tuple(key)] += people
        low, step = high, step * 2 if time.monotonic() - began < seconds / 10 else step
    return found, low >= BUCKETS
