"""The one door for an edit of one contact, whoever makes it: a member on a page, a program by the API. It goes in by the inbox,
as everything does that changes a contact, and whoever made it may wait for the engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from safar.contacts.identity import Resolved
from safar.contacts.ids import bucket
from safar.contacts.names import EMAIL, PHONE, USER
from safar.contacts.topics import topic_keys
from safar.contacts.writing import FIRST_USER
from safar.events.accept import CHANNEL, again
from safar.events.edit import Edit, messages_of, read_edit
from safar.events.inbox import Lanes, copy_into
from safar.events.message import Accepted
from safar.events.seen import only_new
from safar.lib.faults import Faults, Refused, said

WAIT = 1.0  # seconds that a page, or a program that asks, waits for the engine
PLACES = {EMAIL: "traits.email", PHONE: "traits.phone", USER: "user_id"}

_APPLIED = """
SELECT FROM event WHERE bucket = %s AND contact_id = %s AND name = %s AND timestamp >= %s::timestamptz - interval '5 minutes'
    AND message_id = %s
"""  # the database's clock may be behind ours, and an event is never later than its receipt
_OWNER = "SELECT contact_id FROM identity WHERE workspace_id = %s AND kind = %s AND value = %s"
_GIVE = "INSERT INTO identity (workspace_id, kind, value, contact_id) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"


def edit_contact(
    conn: Connection[Any],
    *,
    workspace_id: int,
    contact: int,
    by: str,
    said: Mapping[str, Any],
    by_hand: bool,
    wait: float = WAIT,
) -> bool:
    """Put in what ``said`` says (`edit.read_edit`). True where the engine has applied it within ``wait`` seconds.

    by_hand: a member did it on a page; a consent or topic then needs a reason. Raises Refused with every fault, also where an
    address or id is another contact's (the message names that one): nobody is merged by an edit.
    """
    faults = Faults()
    topics = topic_keys(conn, workspace_id) if said.get("topics") else ()
    edit = read_edit(said, faults, topics=topics, reasoned=by_hand)
    if edit is not None:
        _check_owners(conn, workspace_id, contact, edit, faults)
    if edit is None or faults:
        raise Refused(faults)
    return put_in(conn, workspace_id, contact, *messages_of(edit, by=by, by_hand=by_hand), names=edit.names, wait=wait)


def put_in(
    conn: Connection[Any],
    workspace_id: int,
    contact: int,
    *messages: Accepted,
    names: Sequence[tuple[int, str]] = (),
    merges: tuple[tuple[int, int], ...] = (),
    first: Callable[[], None] | None = None,
    wait: float = WAIT,
) -> bool:
    """Accept messages of a contact that is known by its number, wake the engine, and wait for the last to be applied.

    names: given to the contact where nobody has them. merges: (loser, winner) pairs before the first. first: done in the same
    transaction, before it. The connection is idle.
    """

    def write() -> None:
        with conn.transaction():
            if first is not None:
                first()
            only_new(conn, [(workspace_id, message.message_id) for message in messages])
            for kind, value in names:
                conn.execute(_GIVE, (workspace_id, kind, value, contact))
                if kind == USER:
                    conn.execute(FIRST_USER, (value, bucket(contact), contact))
            whose = [Resolved(contact, merges), *(Resolved(contact) for _ in messages[1:])]
            copy_into(conn, [(workspace_id, messages, whose)], datetime.now(UTC), Lanes())
            conn.execute(f"NOTIFY {CHANNEL}")

    again(write)
    return wait_for(conn, contact, messages[-1], wait)


def wait_for(conn: Connection[Any], contact: int, message: Accepted, seconds: float = WAIT) -> bool:
    """Whether the engine has applied the message; asks for so many seconds, by key."""
    key = (bucket(contact), contact, message.name, message.timestamp, message.message_id)
    until = time.monotonic() + seconds
    while conn.execute(_APPLIED, key).fetchone() is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def _check_owners(conn: Connection[Any], workspace_id: int, contact: int, edit: Edit, faults: Faults) -> None:
    for kind, value in edit.names:
        owner = conn.execute(_OWNER, (workspace_id, kind, value)).fetchone()
        if owner is not None and owner[0] != contact:
            faults.at(PLACES[kind]).add(said("belongs to contact %(value)s", value=owner[0]))
