"""Exchange rates that change: whoever has money in that currency is counted anew, in the engine's own order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.accounts.services import COMMAND_LINE, record
from safar.contacts.rates import Rate, check_rates, remove_rate, write_rates
from safar.events.accept import CHANNEL
from safar.events.names import RECOUNT
from safar.lib.sqlfile import load_sql


def set_rates(
    conn: psycopg.Connection[Any], *, workspace: Workspace, rates: Sequence[Rate], actor: str = COMMAND_LINE
) -> int:
    """Put rates down and have everybody counted anew whose money they are about; gives how many contacts. Raises Refused with every fault."""
    check_rates(rates, workspace.currency)
    with conn.transaction():
        write_rates(conn, workspace.pk, rates)
        people = _recount(conn, workspace.pk, sorted({rate.currency for rate in rates}))
    for rate in rates:
        told = {"day": rate.day.isoformat(), "rate": str(rate.rate)}
        record(workspace, actor, "set_rate", f"currency:{rate.currency}", told)
    return people


def drop_rate(
    conn: psycopg.Connection[Any], *, workspace: Workspace, currency: str, day: date, actor: str = COMMAND_LINE
) -> bool:
    """Take a rate back; what was counted by it is counted anew. False where there was none."""
    with conn.transaction():
        if not remove_rate(conn, workspace.pk, currency, day):
            return False
        _recount(conn, workspace.pk, [currency])
    record(workspace, actor, "drop_rate", f"currency:{currency}", {"day": day.isoformat()})
    return True


def _recount(conn: psycopg.Connection[Any], workspace_id: int, currencies: Sequence[str]) -> int:
    asked = {"workspace": workspace_id, "currencies": list(currencies), "type": RECOUNT}
    people = conn.execute(load_sql("safar.events", "recount"), asked).rowcount
    conn.execute(f"NOTIFY {CHANNEL}")
    return people
