"""A batch that fails is halved until one contact is left; that contact's enrollment is set aside with its error, and all else goes on."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import Any

import psycopg

from safar.journeys.compiler.tables import SET_ASIDE
from safar.journeys.engine.plan import Plan
from safar.journeys.engine.session import Session
from safar.journeys.engine.tick import Limits, Tick

log = logging.getLogger(__name__)

_BUCKETS = """
SELECT DISTINCT bucket FROM (SELECT bucket FROM inbox WHERE lane = %(lane)s
    UNION ALL SELECT (s & 1023)::smallint FROM timer t CROSS JOIN LATERAL unnest(t.subjects) s WHERE t.lane = %(lane)s AND t.slot < %(now)s) b
ORDER BY 1
"""


def isolate(session: Session, plan: Plan, lane: int, now: datetime, doing: str, error: psycopg.Error) -> bool:
    """Runs the lane's work in ever smaller parts; what cannot be computed alone is set aside. True where something was done."""
    buckets = [row[0] for row in session.connection.execute(_BUCKETS, {"lane": lane, "now": now})]
    return _halve(session, plan, lane, now, buckets)


def _halve(session: Session, plan: Plan, lane: int, now: datetime, buckets: list[int]) -> bool:
    if not buckets:
        return False
    try:
        # one bucket: one thing of a contact at a time, so that what fails is the earliest
        limits = Limits() if len(buckets) > 1 else Limits(events=1, each=1)
        with session.connection.transaction():
            row = session.connection.execute("SELECT clock FROM lane WHERE id = %s FOR UPDATE", (lane,)).fetchone()
            assert row is not None
            outcome = Tick(session, plan, limits).run(lane, row[0], now, buckets)
        return bool(outcome.events or outcome.subjects)
    except (
        psycopg.DataError,
        psycopg.IntegrityError,
        psycopg.InternalError,
        psycopg.ProgrammingError,
        psycopg.NotSupportedError,
    ) as error:
        if len(buckets) == 1:
            return _set_aside(session, lane, buckets[0], now, session.doing, error)
        middle = len(buckets) // 2
        first = _halve(session, plan, lane, now, buckets[:middle])
        return _halve(session, plan, lane, now, buckets[middle:]) or first


def _set_aside(session: Session, lane: int, bucket: int, now: datetime, doing: str, error: psycopg.Error) -> bool:
    """The earliest contact with something to do in the bucket: its enrollment in the version that failed, or else its event."""
    found = re.fullmatch(r"version (\d+)", doing)
    version = int(found[1]) if found else 0
    with session.connection.transaction():
        contacts = _contacts(session.connection, lane, bucket, now)
        for contact in contacts:
            trips = session.connection.execute(
                "UPDATE enrollment SET state = 3, ended_at = %(now)s, reason = 'set_aside' WHERE bucket = %(bucket)s AND contact_id = %(contact)s"
                " AND version_id = %(version)s AND state = 0 RETURNING place",
                {"now": now, "bucket": bucket, "contact": contact, "version": version},
            ).fetchall()
            if trips:
                _note(session.connection, bucket, contact, version, now, error)
                for (place,) in trips:
                    session.connection.execute(
                        "INSERT INTO passage_count (lane, version_id, stretch, decisions, hour, n) VALUES (%s, %s, %s, %s, date_bin('1 hour', %s, 'epoch'), 1)",
                        (lane, version, SET_ASIDE, 255 if place is None else place, now),
                    )
                return True
        row = session.connection.execute(
            "WITH gone AS (DELETE FROM inbox WHERE lane = %(lane)s AND id = (SELECT min(id) FROM inbox WHERE lane = %(lane)s"
            " AND bucket = %(bucket)s) RETURNING *) SELECT contact_id, to_json(gone)::text FROM gone",
            {"lane": lane, "bucket": bucket},
        ).fetchone()
        if row is None:
            return False
        log.error("an event of contact %s could not be applied and was set aside: %s", row[0], error)
        _note(session.connection, bucket, row[0], version, now, f"{error}\n{row[1]}")
        return True


def _contacts(connection: psycopg.Connection[Any], lane: int, bucket: int, now: datetime) -> list[int]:
    rows = connection.execute(
        "(SELECT contact_id FROM inbox WHERE lane = %(lane)s AND bucket = %(bucket)s ORDER BY id LIMIT 1) UNION ALL"
        " (SELECT DISTINCT s FROM timer t CROSS JOIN LATERAL unnest(t.subjects) s WHERE t.lane = %(lane)s AND t.slot < %(now)s"
        " AND s & 1023 = %(bucket)s LIMIT 1)",
        {"lane": lane, "bucket": bucket, "now": now},
    )
    return [row[0] for row in rows]


def _note(
    connection: psycopg.Connection[Any], bucket: int, contact: int, version: int, now: datetime, error: object
) -> None:
    connection.execute(
        "INSERT INTO set_aside (bucket, contact_id, version_id, at, error) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (bucket, contact, version, now, str(error)[:4000]),
    )
