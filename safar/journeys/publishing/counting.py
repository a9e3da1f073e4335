"""Counting everybody while somebody waits: bucket by bucket, as far as the time reaches."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Literal

from safar.accounts.models import Workspace
from safar.channels.pace.caps import WOULD_BE_CAPPED
from safar.segments.people import BUCKETS, EVERYBODY, FIRST_SLICE

ADDRESS = {"email": SQL("lower(btrim(c.email))"), "sms": SQL("btrim(c.phone)")}
NO_ADDRESS, NO_CONSENT, SUPPRESSED, CAPPED = "no_address", "no_consent", "suppressed", "capped"
_COUNT = SQL(
    "SELECT {names}, count(*) FROM (SELECT {columns} FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    " WHERE c.bucket >= {low} AND c.bucket < {high} AND {who}) r GROUP BY {names}"
)


def lacking(channel: str, *, consented: bool = True) -> Composable:
    """Why a contact ``c`` would get nothing by a channel: text, '' where nothing stands in the way. The gate's questions in the gate's order.

    consented: False for what goes without consent.
    """
    return SQL(
        "CASE WHEN coalesce({address}, '') = '' THEN 'no_address'"
        " WHEN {consented} AND NOT EXISTS (SELECT FROM consent n WHERE n.bucket = c.bucket AND n.contact_id = c.id AND n.channel = {channel}"
        " AND n.state = 'given' OFFSET 0) THEN 'no_consent'"
        " WHEN EXISTS (SELECT FROM suppression s WHERE s.workspace_id = c.workspace_id AND s.channel = {channel}"
        " AND (s.reason <> 'unsubscribed' OR {consented}) AND s.address = {address} OFFSET 0) THEN 'suppressed'"
        " WHEN {consented} AND {capped} THEN 'capped' ELSE '' END"
    ).format(
        address=ADDRESS[channel],
        channel=Literal(channel),
        consented=Literal(consented),
        capped=SQL(WOULD_BE_CAPPED).format(channel=Literal(channel)),
    )


def count_by(
    connection: psycopg.Connection[Any],
    workspace: Workspace,
    columns: dict[str, Composable],
    who: Composable = SQL("TRUE"),
    *,
    seconds: float = 2.0,
) -> tuple[Counter[tuple[Any, ...]], bool]:
    """How many contacts there are for each combination of ``columns`` (name → SQL over c and f), and whether all were counted.

    Where the time was up the numbers are the least that they are. connection: autocommit, no transaction open.
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
                connection.execute("SELECT set_config('statement_timeout', %s, true)", (left,))
                rows = connection.execute(statement).fetchall()
        except psycopg.errors.QueryCanceled:
            break
        for *key, people in rows:
            found[tuple(key)] += people
        low, step = high, step * 2 if time.monotonic() - began < seconds / 10 else step
    return found, low >= BUCKETS
