"""The recorded history of a workspace, into a scratch inbox: what happened, at the time it was applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from safar.journeys.backtest.looking import numbers
from safar.journeys.backtest.wanted import PASSING, Wanted
from safar.lib.sqlfile import load_sql


def load_recorded(
    connection: psycopg.Connection[Any],
    workspace_id: int,
    until: datetime,
    keys: Sequence[str],
    wanted: Wanted,
    contact: int | None = None,
) -> int:
    """Copies contacts and wanted events up to ``until`` into the scratch tables in front of the search_path; returns how many
    events there were, wanted or not.

    keys: of the drafts; what their own earlier versions caused is left out, other journeys' effects stay as edits by hand.
    contact: theirs only; None: everybody's.
    """
    row = connection.execute(
        load_sql("safar.journeys.backtest", "recorded"),
        {
            "workspace": workspace_id,
            "until": until,
            "keys": list(keys),
            **numbers(contact),
            "passing": list(PASSING),
            "names": None if wanted.names is None else sorted(wanted.names),
        },
    ).fetchone()
    return int(row[0]) if row else 0


def read_label(connection: psycopg.Connection[Any], contact: int) -> str:
    """How a contact of the scratch tables is shown: its first userId, else its key."""
    row = connection.execute(
        "SELECT coalesce(external_id, key) FROM contact WHERE bucket = %s AND id = %s", (contact & 1023, contact)
    ).fetchone()
    return str(row[0]) if row else str(contact)


def copy_rates(connection: psycopg.Connection[Any], workspace_id: int, currency: str | None) -> None:
    """The workspace's exchange rates, where the drafts are tried in its own currency: its rates say nothing about another."""
    connection.execute(
        "INSERT INTO exchange_rate SELECT 1, r.currency, r.day, r.rate FROM public.exchange_rate r"
        " JOIN public.accounts_workspace w ON w.id = r.workspace_id WHERE w.id = %s AND w.currency = %s",
        (workspace_id, currency),
    )


def copy_topics(connection: psycopg.Connection[Any], workspace_id: int) -> None:
    """The workspace's topics as they are now: whoever had left all of these has left every topic."""
    connection.execute(
        "INSERT INTO topic (workspace_id, key) SELECT 1, t.key FROM public.topic t WHERE t.workspace_id = %s",
        (workspace_id,),
    )
