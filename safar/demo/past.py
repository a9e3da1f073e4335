"""One lane's people and their 180 days, walked by the engine up to now.

The way is that of every event: checked, given to its contact, into the inbox, applied by a tick. Only the clock differs:
`received_at` and `applied_at` are those of then, so that delays have passed and nobody's history begins today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from psycopg import Connection

from safar.contacts.identity import resolve
from safar.contacts.ids import bucket, contact_id
from safar.demo.aside import LANE
from safar.demo.diary import Message
from safar.demo.letters import settle_past
from safar.demo.shop import Town
from safar.events.inbox import NULL, escape
from safar.events.lanes import read_lanes
from safar.events.message import Accepted, check_message
from safar.journeys.engine.plan import Plan
from safar.journeys.engine.session import Session
from safar.journeys.engine.tick import Limits, Tick
from safar.lib.faults import Faults, Refused

COPY = """
COPY inbox (lane, workspace_id, bucket, contact_id, received_at, applied_at, timestamp, type, name, message_id,
            properties, traits, consent, context) FROM STDIN
"""
TOGETHER = 500  # people whose names are looked up at once
EVERYTHING = Limits(events=10**9, each=10**9, subjects=10**9)
Report = Callable[[float], None]  # share of the lane that is done, 0 to 1
Row = tuple[int, str]  # moment of receipt, line for COPY

_encode = msgspec.json.Encoder().encode


def lanes_of(conn: Connection[Any], towns: Sequence[Town]) -> dict[int, list[tuple[int, int]]]:
    """Lane → (place of the town, number of the contact) of those whose bucket is in it; lanes without anybody are left out."""
    lane_of = read_lanes(conn)
    found: dict[int, list[tuple[int, int]]] = {}
    for place, town in enumerate(towns):
        for number in range(town.contacts):
            lane = lane_of[bucket(contact_id(0, town.person(number).key))]
            found.setdefault(lane, []).append((place, number))
    return found


def walk_past(
    session: Session,
    plan: Plan,
    people: Sequence[tuple[int, int]],
    placed: Sequence[tuple[Town, int]],
    now: datetime,
    report: Report,
) -> tuple[int, int]:
    """Let these people live, up to now; (events, messages). placed: towns, each with its workspace's id.

    The session's tables are aside (aside.py) and empty. Nothing is in a transaction, so that what a round leaves behind is cleared
    away as it goes: in one, each round would be slower than the one before.
    """
    conn = session.connection
    rows: list[Row] = []
    readers: dict[str, float] = {}
    for place, (town, workspace) in enumerate(placed):
        rows += read_diaries(conn, town, workspace, [n for where, n in people if where == place], readers)
    rows.sort(key=lambda row: row[0])
    with conn.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write("".join(line for _, line in rows))
    report(0.1)
    _walk(session, plan, now)
    report(0.75)
    messages = settle_past(conn, [workspace for _, workspace in placed], now, readers)
    report(0.85)
    _walk(session, plan, now)  # what became of the messages is history as well
    report(0.9)
    return len(rows), messages


def read_diaries(
    conn: Connection[Any], town: Town, workspace: int, numbers: Sequence[int], readers: dict[str, float]
) -> list[Row]:
    """Everything these contacts did, as rows of the inbox; makes the contacts. readers: gets key → share of e-mails they open."""
    rows: list[Row] = []
    waiting = iter(numbers)
    while some := list(islice(waiting, TOGETHER)):
        moments: list[int] = []
        accepted: list[Accepted] = []
        for number in some:
            person, entries = town.diary(number)
            readers[person.key] = person.open_rate
            moments += (moment for moment, _, _ in entries)
            accepted += (check(message, datetime.fromtimestamp(moment, UTC)) for moment, _, message in entries)
        with conn.transaction():
            found = resolve(conn, workspace, [message.names for message in accepted])
        for moment, message, (contact, merges) in zip(moments, accepted, found, strict=True):
            if merges:
                raise ValueError("people of the demo do not merge: the other one may be in another lane")
            rows.append((moment, _row(workspace, contact, moment, message)))
    return rows


def check(message: Message, received: datetime) -> Accepted:
    """A message as the API would accept it from a secret key. Raises Refused."""
    faults = Faults()
    accepted = check_message(message, faults, received=received, trusted=True)
    if accepted is None:
        raise Refused(faults)
    return accepted


def _walk(session: Session, plan: Plan, now: datetime) -> None:
    """Tick until nothing is left up to now."""
    while True:
        (clock,) = session.connection.execute("SELECT clock FROM lane WHERE id = %s", (LANE,)).fetchone() or (now,)
        done = Tick(session, plan, EVERYTHING).run(LANE, clock, now)
        if not (done.events or done.subjects):
            return


def _row(workspace: int, contact: int, moment: int, message: Accepted) -> str:
    at = datetime.fromtimestamp(moment, UTC).isoformat()
    return (
        f"{LANE}\t{workspace}\t{bucket(contact)}\t{contact}\t{at}\t{at}\t{message.timestamp.isoformat()}\t{message.type}\t"
        f"{escape(message.name)}\t{NULL if message.message_id is None else escape(message.message_id)}\t"
        f"{_json(message.properties)}\t{_json(message.traits)}\t{_json(message.consent)}\t{_json(message.context)}\n"
    )


def _json(value: Mapping[str, Any] | None) -> str:
    return NULL if value is None else _encode(value).replace(b"\\", b"\\\\").decode()
