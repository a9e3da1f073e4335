"""Tells the team: warnings of the house become notices, and what waits at a destination goes out as one digest.

A digest is a row of the outbox like any message: claims, leases, retries and doubts are the dispatcher's. Here it is only decided that it goes,
in one transaction under the lock of its destination, so that no number of processes tells anything twice, and one that cannot be told stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.types.json import Jsonb

from safar.channels.notices.gathering import Noted, gather
from safar.channels.notices.kind import kinds, queue_of
from safar.outbox.rows import CHANNEL
from safar.outbox.statements import statement

log = logging.getLogger(__name__)

SECONDS = 5.0
GATHERS = timedelta(
    seconds=15
)  # what a journey says of many people within moments is one digest, also after a quiet time
MANY = 100
AT_ONCE = 50_000  # notices of one digest, most of them as a count: what one statement does in a moment
_HERE = "safar.channels.notices"
# A warning of the whole installation is everybody's who has said where they hear.
_EVERYBODY = "SELECT DISTINCT workspace_id FROM destination WHERE NOT named AND hears_warnings"


def tell_once(conn: Connection[Any], now: datetime) -> int:
    """conn: autocommit. Returns how many digests were made. Any number may do it at once: a warning and a digest are made by one of them."""
    with conn.transaction():
        _take_warnings(conn, now)
    made, passed = 0, list[int]()
    for _ in range(MANY):
        number = None
        try:
            with conn.transaction():
                asked = {"now": now, "gathers": GATHERS, "passed": passed}
                due = conn.execute(statement("due", _HERE), asked).fetchone()
                if due is None:
                    break
                workspace_id, number, name, kind, settings, named = due
                passed.append(number)
                known = kind in kinds()
                if known:
                    _make(conn, workspace_id, number, name, kind, settings, named, now)
            made += known
        except psycopg.Error as error:
            if number is None or conn.closed:
                raise
            log.warning("destination %s is told later: %s", number, str(error).strip())
    return made


def _make(
    conn: Connection[Any],
    workspace_id: int,
    number: int,
    name: str,
    key: str,
    settings: Mapping[str, str],
    named: bool,
    now: datetime,
) -> None:
    kind = kinds()[key]
    asked = {"workspace_id": workspace_id, "destination": number, "most": kind.most, "at_once": AT_ONCE, "now": now}
    row = conn.execute(statement("make_digest", _HERE), asked).fetchone()
    assert row is not None
    effect = {
        "channel": queue_of(kind, number),
        "class": "notice",
        "digest": row[0],
        "destination": number,
        "team": not named,
    }
    for place, to in enumerate(kind.readers(settings) or [[name]]):
        what = {
            "workspace_id": workspace_id,
            "digest": row[0],
            "place": place,
            "now": now,
            "effect": Jsonb({**effect, "to": list(to)}),
        }
        conn.execute(statement("put_digest", _HERE), what)
    conn.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


def _take_warnings(conn: Connection[Any], now: datetime) -> None:
    """Each once; what was over before anybody could be told is not told."""
    noted = []
    for workspace_id, subject, words, over_at in conn.execute(
        statement("warnings", _HERE), {"now": now, "n": MANY}
    ).fetchall():
        if over_at is not None:
            continue
        whose = [workspace_id] if workspace_id else [one for (one,) in conn.execute(_EVERYBODY).fetchall()]
        besides = int(subject.partition(":")[2]) if subject.startswith("destination:") else 0
        for each in whose:
            row = conn.execute("SELECT nextval('outbox_number')").fetchone()
            assert row is not None
            noted.append(Noted(0, row[0], each, words, warning=True, besides=besides))
    if noted:
        gather(conn, noted, now=now)
