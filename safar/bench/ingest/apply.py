"""The engine's whole application of a batch against its own row writes."""

from __future__ import annotations

from typing import Any

import psycopg

from safar.bench.ingest.messages import make_messages
from safar.bench.measure import Cost, Meter
from safar.bench.statements import statements_of
from safar.events.accept import accept
from safar.events.message import check_message
from safar.journeys.engine.loop import Engine
from safar.lib.faults import Faults, Refused
from safar.postgres.connections import connect


def fill_inbox(connection: psycopg.Connection[Any], workspace_id: int, count: int, people: int, seed: int) -> None:
    """``count`` messages accepted as HTTP accepts them, in batches of 500."""
    from datetime import UTC, datetime

    messages = []
    for message in make_messages(count, people, seed):
        faults = Faults()
        checked = check_message(message, faults, received=datetime.now(UTC), trusted=True)
        if checked is None:
            raise Refused(faults)
        messages.append(checked)
    for start in range(0, count, 500):
        accept(connection, workspace_id, messages[start : start + 500], trusted=True)


def apply_by_engine(url: str, meter: Meter) -> Cost:
    """All that waits in the inbox is applied, by one engine."""
    engine = Engine(url)
    try:
        session = engine.session().connection
        with meter.running([session]) as cost:
            while engine.run_once():
                pass
    finally:
        engine.close()
    return cost


def apply_by_floor(url: str, meter: Meter) -> Cost:
    """All that waits in the inbox is written as the engine would leave it."""
    with connect(url, application_name="safar bench floor") as session:
        for statement in statements_of("safar.bench.ingest", "batch"):
            session.execute(statement)
        lanes = [row[0] for row in session.execute("SELECT id FROM lane ORDER BY id").fetchall()]
        with meter.running([session]) as cost:
            for lane in lanes:
                with session.transaction():
                    for statement in statements_of("safar.bench.ingest", "floor"):
                        session.execute(statement, {"lane": lane})
    return cost
