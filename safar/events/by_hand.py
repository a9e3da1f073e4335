"""What a member changes on a page: an event of the contact like any other, with who did it and why, in by the inbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from psycopg import Connection

from safar.contacts.identity import Resolved
from safar.contacts.ids import bucket
from safar.contacts.names import EMAIL, PHONE, Names, fold_email, fold_phone
from safar.events.accept import CHANNEL, again
from safar.events.consent import CHANNELS, STATES
from safar.events.imports.cells import BadCell, read_tags
from safar.events.inbox import Lanes, copy_into
from safar.events.message import MAX_PROPERTIES, Accepted, check_size
from safar.events.names import EDIT, HISTORY_NAMES
from safar.events.reading import MAX_KEY, check_value
from safar.events.seen import only_new
from safar.lib.faults import Fault, Faults, Refused

NOTED = "note_added"  # as journeys call it (docs/semantics.md 49)
LONGEST_NOTE = 4_000
LONGEST_REASON = 500
WAIT = 1.0  # seconds a page waits for the engine
BY_HAND = "by_hand"  # key in the event's context: {"by", "reason"}

_APPLIED = """
SELECT FROM event WHERE bucket = %s AND contact_id = %s AND name = %s AND timestamp >= %s::timestamptz - interval '5 minutes'
    AND message_id = %s
"""  # the database's clock may be behind ours, and an event is never later than its receipt
_OWNER = "SELECT contact_id FROM identity WHERE workspace_id = %s AND kind = %s AND value = %s"
_GIVE = "INSERT INTO identity (workspace_id, kind, value, contact_id) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"


def change_traits(
    conn: Connection[Any], *, workspace_id: int, contact: int, by: str, traits: Mapping[str, Any], reason: str = ""
) -> bool:
    """Set traits; null removes one. True where the engine has applied it within WAIT.

    A new e-mail or phone becomes a name of the contact as well. Raises Refused for what is no trait, for an address that
    cannot be read, and for one that is another contact's (``place`` is the trait, the message names that contact).
    """
    faults = Faults()
    for name, value in traits.items():
        _check_trait(name, value, faults.at(name))
    names = _new_names(conn, workspace_id, contact, traits, faults)
    if faults:
        raise Refused(faults)
    folded = {"phone": value for kind, value in names if kind == PHONE}  # noqa: B035
    traits = {**traits, **folded}
    message = edit_of(by=by, reason=reason, traits=dict(traits))
    return put_in(conn, workspace_id, contact, message, names=names)


def change_tags(
    conn: Connection[Any],
    *,
    workspace_id: int,
    contact: int,
    by: str,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
) -> bool:
    """Add and remove tags. Raises Refused for one that is none."""
    try:
        wanted = [tag for text in add for tag in read_tags(text)]
    except BadCell as bad:
        raise Refused([Fault("tag", str(bad))]) from None
    if not wanted and not remove:
        raise Refused([Fault("tag", "is empty")])
    faults = Faults()
    check_value(dict.fromkeys(wanted, True), faults)
    if faults:
        raise Refused(faults)
    said = {name: list(tags) for name, tags in (("add", wanted), ("remove", remove)) if tags}
    return put_in(conn, workspace_id, contact, edit_of(by=by, tags=said))


def change_consent(
    conn: Connection[Any], *, workspace_id: int, contact: int, by: str, channel: str, state: str, reason: str
) -> bool:
    """Put down what the contact said by other ways, with where from: the record has to stand when somebody asks for it.

    Raises Refused without a reason, and for a channel or a state that there is none of.
    """
    faults = Faults()
    if channel not in CHANNELS:
        faults.at("channel").add(f"{channel!r} is none of {', '.join(CHANNELS)}")
    if state not in STATES:
        faults.at("state").add(f"{state!r} is none of {', '.join(STATES)}")
    _check_text("reason", reason, LONGEST_REASON, faults)
    if faults:
        raise Refused(faults)
    return put_in(conn, workspace_id, contact, edit_of(by=by, reason=reason.strip(), consent={channel: state}))


def add_note(conn: Connection[Any], *, workspace_id: int, contact: int, by: str, note: str) -> bool:
    """A note that stays in the contact's history. Raises Refused for an empty or too long one."""
    faults = Faults()
    _check_text("note", note, LONGEST_NOTE, faults)
    if faults:
        raise Refused(faults)
    message = edit_of(by=by, name=NOTED, properties={"note": note.strip(), "by": by})
    return put_in(conn, workspace_id, contact, message)


def edit_of(
    *,
    by: str,
    reason: str = "",
    name: str = HISTORY_NAMES[EDIT],
    properties: dict[str, Any] | None = None,
    traits: dict[str, Any] | None = None,
    consent: dict[str, str] | None = None,
    tags: dict[str, list[str]] | None = None,
) -> Accepted:
    """An edit by a member, now."""
    context = {BY_HAND: {"by": by, **({"reason": reason} if reason else {})}}
    now = datetime.now(UTC)
    return Accepted(EDIT, name, Names(), now, properties or {}, traits, consent, tags, context, f"{BY_HAND}:{uuid4()}")


def put_in(
    conn: Connection[Any],
    workspace_id: int,
    contact: int,
    message: Accepted,
    *,
    names: Sequence[tuple[int, str]] = (),
    merges: tuple[tuple[int, int], ...] = (),
    first: Callable[[], None] | None = None,
    wait: float = WAIT,
) -> bool:
    """Accept a message of a contact that is known by its number, wake the engine, and wait for it to be applied.

    names: given to the contact where nobody has them. merges: (loser, winner) pairs before it. first: done in the same
    transaction, before it. The connection is idle.
    """

    def write() -> None:
        with conn.transaction():
            if first is not None:
                first()
            only_new(conn, [(workspace_id, message.message_id)])
            for kind, value in names:
                conn.execute(_GIVE, (workspace_id, kind, value, contact))
            copy_into(conn, [(workspace_id, [message], [Resolved(contact, merges)])], datetime.now(UTC), Lanes())
            conn.execute(f"NOTIFY {CHANNEL}")

    again(write)
    return wait_for(conn, contact, message, wait)


def wait_for(conn: Connection[Any], contact: int, message: Accepted, seconds: float = WAIT) -> bool:
    """Whether the engine has applied the message; asks for so many seconds, by key."""
    key = (bucket(contact), contact, message.name, message.timestamp, message.message_id)
    until = time.monotonic() + seconds
    while conn.execute(_APPLIED, key).fetchone() is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def _check_trait(name: str, value: Any, faults: Faults) -> None:
    if not name.strip() or len(name) > MAX_KEY:
        faults.add(f"has to be 1 to {MAX_KEY} characters")
    check_value({name: value}, faults)
    check_size({name: value}, faults)


def _new_names(
    conn: Connection[Any], workspace_id: int, contact: int, traits: Mapping[str, Any], faults: Faults
) -> list[tuple[int, str]]:
    if len(traits) > MAX_PROPERTIES:
        faults.add(f"has {len(traits)} traits, and {MAX_PROPERTIES} are the limit")
    found = []
    for trait, kind, fold in (("email", EMAIL, fold_email), ("phone", PHONE, fold_phone)):
        value = traits.get(trait)
        if value is None:
            continue
        name = fold(value)
        if name is None or (kind == EMAIL and ("@" not in name or " " in name)):
            faults.at(trait).add(f"{str(value)[:80]!r} cannot be read")
            continue
        owner = conn.execute(_OWNER, (workspace_id, kind, name)).fetchone()
        if owner is not None and owner[0] != contact:
            faults.at(trait).add(f"belongs to contact {owner[0]}")
        else:
            found.append((kind, name))
    return found


def _check_text(place: str, text: str, most: int, faults: Faults) -> None:
    if not text.strip() or len(text) > most:
        faults.at(place).add(f"has to be 1 to {most} characters")
    check_value({place: text}, faults)
