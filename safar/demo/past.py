"""One lane's people and their 180 days, walked by the engine, stage by stage, up to now.

The way is that of every event: checked, given to its contact, into the inbox, applied by a tick. Only the clock differs:
`received_at` and `applied_at` are those of then, so that delays have passed and nobody's history begins today. Until a lane has
come to the present its inbox and timers stand aside, under a lane's number that no engine looks for: an engine would take them
for overdue and run ahead. Each stage is one transaction, with what became of its messages and with how far the lane has come;
so the books close at any moment, and what was cut off goes on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
from psycopg import Connection

from safar.contacts.identity import resolve
from safar.contacts.ids import bucket, contact_id
from safar.demo.diary import Message
from safar.demo.letters import settle_past
from safar.demo.progress import Stages
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
STAGE = timedelta(days=15)  # shorter ones cost more rounds, longer ones dead rows, which no transaction clears away behind itself
ASIDE = 10_000  # + lane
TOGETHER = 500  # people whose names are looked up at once
EVERYTHING = Limits(events=10**9, each=10**9, subjects=10**9)
Report = Callable[[float], None]  # share of the lane that is done, 0 to 1

_encode = msgspec.json.Encoder().encode


@dataclass
class Past:
    """What a lane's people did. rows: (moment of receipt, line for COPY) in order; readers: key → share of e-mails they open."""

    rows: list[tuple[int, str]] = field(default_factory=list)
    readers: dict[str, float] = field(default_factory=dict)


def lanes_of(conn: Connection[Any], towns: Sequence[Town]) -> dict[int, list[tuple[int, int]]]:
    """Lane → (place of the town, number of the contact) of those whose bucket is in it; lanes without anybody are left out."""
    lane_of = read_lanes(conn)
    found: dict[int, list[tuple[int, int]]] = {}
    for place, town in enumerate(towns):
        for number in range(town.contacts):
            lane = lane_of[bucket(contact_id(0, town.person(number).key))]
            found.setdefault(lane, []).append((place, number))
    return found


def fill_lane(
    session: Session,
    plan: Plan,
    lane: int,
    people: Sequence[tuple[int, int]],
    placed: Sequence[tuple[Town, int]],
    now: datetime,
    report: Report,
) -> tuple[int, int]:
    """Bring a lane up to now; (events, messages) of it. placed: towns, each with its workspace's id. Goes on where it was cut off."""
    conn = session.connection
    workspaces = [workspace for _, workspace in placed]
    stages = Stages(conn, workspaces[0], lane)
    if stages.finished:
        report(1)
        return 0, 0
    past = Past()
    for place, (town, workspace) in enumerate(placed):
        _read(conn, past, town, workspace, ASIDE + lane, [number for where, number in people if where == place])
    past.rows.sort(key=lambda row: row[0])
    report(0.1)
    start, messages = datetime.fromtimestamp(placed[0][0].season.start, UTC), 0
    count = max(1, (now - start) // STAGE)
    for stage in range(stages.done, count):
        since, until = (start + (now - start) * n / count for n in (stage, stage + 1))
        with conn.transaction():
            _put_in(conn, past, since if stage else None, until)
            walk(session, plan, ASIDE + lane, since, until)
            messages += settle_past(conn, workspaces, lane, ASIDE + lane, until, now, past.readers)
            _count_home(conn, plan, workspaces, lane)
            stages.advance(stage + 1)
        report(0.1 + 0.88 * (stage + 1) / count)
    with conn.transaction():
        walk(session, plan, ASIDE + lane, now, now)  # what became of the last messages
        _count_home(conn, plan, workspaces, lane)
        _move_in(conn, lane, now)
        stages.finish()
    report(1)
    return len(past.rows), messages


def walk(session: Session, plan: Plan, lane: int, since: datetime, until: datetime) -> None:
    """Tick until nothing is left up to `until`."""
    while True:
        done = Tick(session, plan, EVERYTHING).run(lane, since, until)
        if not (done.events or done.subjects):
            return


def check(message: Message, received: datetime) -> Accepted:
    """A message as the API would accept it from a secret key. Raises Refused."""
    faults = Faults()
    accepted = check_message(message, faults, received=received, trusted=True)
    if accepted is None:
        raise Refused(faults)
    return accepted


def _read(conn: Connection[Any], past: Past, town: Town, workspace: int, aside: int, numbers: Sequence[int]) -> None:
    """Everything these contacts did, as rows of the inbox. Makes the contacts that are not there yet."""
    waiting = iter(numbers)
    while some := list(islice(waiting, TOGETHER)):
        moments: list[int] = []
        accepted: list[Accepted] = []
        for number in some:
            person, entries = town.diary(number)
            past.readers[person.key] = person.open_rate
            for moment, _, message in entries:
                moments.append(moment)
                accepted.append(check(message, datetime.fromtimestamp(moment, UTC)))
        with conn.transaction():
            found = resolve(conn, workspace, [message.names for message in accepted])
        for moment, message, (contact, merges) in zip(moments, accepted, found, strict=True):
            if merges:
                raise ValueError("people of the demo do not merge: the other one may be in another lane")
            past.rows.append((moment, _row(workspace, aside, contact, moment, message)))


def _put_in(conn: Connection[Any], past: Past, since: datetime | None, until: datetime) -> None:
    """Into the inbox what was received after `since` (None: from the beginning) and up to `until`."""
    moments = [moment for moment, _ in past.rows]
    first = 0 if since is None else bisect_right(moments, since.timestamp())
    last = bisect_right(moments, until.timestamp())
    with conn.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write("".join(line for _, line in past.rows[first:last]))


def _row(workspace: int, lane: int, contact: int, moment: int, message: Accepted) -> str:
    at = datetime.fromtimestamp(moment, UTC).isoformat()
    return (
        f"{lane}\t{workspace}\t{bucket(contact)}\t{contact}\t{at}\t{at}\t{message.timestamp.isoformat()}\t{message.type}\t"
        f"{escape(message.name)}\t{NULL if message.message_id is None else escape(message.message_id)}\t"
        f"{_json(message.properties)}\t{_json(message.traits)}\t{_json(message.consent)}\t{_json(message.context)}\n"
    )


def _json(value: Mapping[str, Any] | None) -> str:
    return NULL if value is None else _encode(value).replace(b"\\", b"\\\\").decode()


def _count_home(conn: Connection[Any], plan: Plan, workspaces: Sequence[int], lane: int) -> None:
    """The passages of this stage are counted where the people are."""
    journeys = [journey for workspace in workspaces for journey in plan.workspaces[workspace].journeys]
    versions = [version.version_id for journey in journeys for version in journey.versions]
    conn.execute(
        "UPDATE passage_count SET lane = %s WHERE version_id = ANY (%s) AND lane = %s", (lane, versions, ASIDE + lane)
    )


def _move_in(conn: Connection[Any], lane: int, now: datetime) -> None:
    """From here on the lane's engine has them."""
    conn.execute("SELECT FROM lane WHERE id = %s FOR UPDATE", (lane,))
    conn.execute("UPDATE timer SET lane = %s WHERE lane = %s", (lane, ASIDE + lane))
    conn.execute("UPDATE inbox SET lane = %s, applied_at = NULL WHERE lane = %s", (lane, ASIDE + lane))
    conn.execute("UPDATE lane SET clock = %s WHERE id = %s AND clock < %s", (now, lane, now))
