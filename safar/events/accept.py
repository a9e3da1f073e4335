"""The one way in: a message is accepted when the transaction that `accept` runs commits, and from then on it is kept.

Steps, in one transaction: what was seen before falls out; whose it is; into the inbox by COPY; one NOTIFY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from psycopg import Connection, errors
from psycopg.pq import TransactionStatus

from safar.contacts.cache import Learnt, NameCache
from safar.contacts.identity import resolve
from safar.contacts.writing import Outdated
from safar.events.inbox import Lanes, copy_into
from safar.events.message import Accepted
from safar.events.seen import only_new

CHANNEL = "safar_inbox"
ATTEMPTS = 5
Again = (errors.DeadlockDetected, errors.SerializationFailure, Outdated)

T = TypeVar("T")


@dataclass(frozen=True)
class Parcel:
    """Messages of one workspace that are accepted together or not at all.

    first: what a room above does in the same transaction, before; it gives the messages that go on.
    """

    workspace_id: int
    messages: Sequence[Accepted]
    first: Callable[[Connection[Any], Sequence[Accepted]], Sequence[Accepted]] | None = None


@dataclass(frozen=True)
class Outcome:
    """accepted + repeated = messages given. repeated: their messageId was seen in the last 35 days; nothing changed."""

    accepted: int
    repeated: int


class Door:
    """What a process keeps between batches: the lanes and the names it saw lately. Used by one thread."""

    def __init__(self) -> None:
        self.lanes = Lanes()
        self.names = NameCache()


def accept(
    conn: Connection[Any],
    workspace: int,
    messages: Sequence[Accepted],
    *,
    trusted: bool,
    door: Door | None = None,
) -> Outcome:
    """Accept messages of one workspace, given by its id, in order. door: of a caller that comes often; saves a query.

    In a transaction of its own, or inside the caller's if one is open (then accepted when that commits). trusted False
    takes consent out and lets no two known contacts become one, whatever the messages say. Raises psycopg errors; after
    OperationalError without a rollback nobody knows whether it was committed, and giving the same messages again is
    harmless if they have messageIds.
    """
    if not trusted:
        messages = [_untrusted(message) for message in messages]
    inside = conn.info.transaction_status != TransactionStatus.IDLE
    parcel, door = Parcel(workspace, messages), door or Door()
    return put(conn, [parcel], door)[0] if inside else accept_parcels(conn, [parcel], door)[0]


def accept_parcels(conn: Connection[Any], parcels: Sequence[Parcel], door: Door) -> list[Outcome]:
    """Accept parcels of any workspaces in one transaction; an Outcome each. The connection is idle."""

    def once() -> list[Outcome]:
        learnt: Learnt = []
        with conn.transaction():
            outcomes = put(conn, parcels, door, learnt)
        door.names.learn(learnt)
        return outcomes

    return again(once)


def again(work: Callable[[], T]) -> T:
    """Do work, once more where it lost against somebody else. For work that is a whole transaction."""
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except Again:
            continue
    return work()


def put(conn: Connection[Any], parcels: Sequence[Parcel], door: Door, learnt: Learnt | None = None) -> list[Outcome]:
    """The steps themselves, in the caller's transaction. learnt: filled with names for door.names, once committed."""
    parcels = [replace(one, messages=one.first(conn, one.messages)) if one.first else one for one in parcels]
    new, now = only_new(conn, parcels_ids(parcels))
    outcomes: list[Outcome] = []
    by_workspace: dict[int, list[Accepted]] = {}
    start = 0
    for parcel in parcels:
        flags = new[start : start + len(parcel.messages)]
        start += len(parcel.messages)
        fresh = [m for m, is_new in zip(parcel.messages, flags, strict=True) if is_new]
        outcomes.append(Outcome(len(fresh), len(flags) - len(fresh)))
        by_workspace.setdefault(parcel.workspace_id, []).extend(fresh)
    cache = None if learnt is None else door.names
    rows = []
    for workspace_id in sorted(by_workspace):  # in one order, so that processes do not wait for each other in a circle
        messages = by_workspace[workspace_id]
        if messages:
            found = resolve(conn, workspace_id, [m.names for m in messages], cache=cache, learnt=learnt)
            rows.append((workspace_id, messages, found))
    if rows:
        copy_into(conn, rows, now, door.lanes)
        conn.execute(f"NOTIFY {CHANNEL}")
    return outcomes


def parcels_ids(parcels: Sequence[Parcel]) -> Iterator[tuple[int, str | None]]:
    """(workspace, messageId) of every message, in order."""
    for parcel in parcels:
        for message in parcel.messages:
            yield parcel.workspace_id, message.message_id


def _untrusted(message: Accepted) -> Accepted:
    if message.consent is None and not message.names.trusted:
        return message
    fields = {name: getattr(message, name) for name in message.__struct_fields__}
    return Accepted(**{**fields, "consent": None, "names": message.names._replace(trusted=False)})
