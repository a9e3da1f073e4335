"""Whose a message is, in the database: the same rules as `book`, safe with any number of processes at once.

The book decides on the rows it was given; nothing is believed until it is written. Who else writes the same names in
the meantime is noticed (a name that could not be inserted, a contact whose names changed before its lock) and the batch
is read anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from safar.contacts.book import IdentityBook as IdentityBook
from safar.contacts.book import Name, Person, given_names
from safar.contacts.cache import Learnt, NameCache
from safar.contacts.names import ANONYMOUS, EMAIL, PHONE, USER, Names
from safar.contacts.writing import Loaded, Outdated, write_changes
from safar.lib.sqlfile import load_sql

ATTEMPTS = 20  # each lost race means that somebody else got on


class Resolved(NamedTuple):
    """The contact of one message, and the (loser, winner) pairs that are merged before it."""

    contact_id: int
    merges: tuple[tuple[int, int], ...] = ()


def resolve(
    conn: Connection[Any],
    workspace_id: int,
    messages: Sequence[Names],
    *,
    cache: NameCache | None = None,
    learnt: Learnt | None = None,
) -> list[Resolved]:
    """The contact of each message, in order; makes contacts and names that are new, and moves the names of the merged.

    Runs in the caller's transaction and locks names there until its end. learnt gets what the cache may learn once that
    is committed. Raises ValueError for a message that names nobody, Outdated after 20 lost races.
    """
    found: list[Resolved | None]
    if cache is None:
        found, slow = [None] * len(messages), list(range(len(messages)))
    else:
        found, slow = _known(cache.of(workspace_id), messages)
    if slow:
        book = _settle(conn, workspace_id, messages, found, slow)
        if book.changes.merged and len(slow) < len(messages):
            # What follows a merge belongs to the winner, also where the cache still says otherwise.
            winners = {merge.loser.id: merge.loser.survivor.id for merge in book.changes.merged}
            for number in range(slow[0], len(messages)):
                entry = found[number]
                if entry is not None and entry.contact_id in winners and not entry.merges:
                    found[number] = Resolved(winners[entry.contact_id])
        if learnt is not None:
            for number in slow:
                for kind, value in given_names(messages[number]):
                    person = book.find(kind, value)
                    if person is not None:
                        learnt.append((workspace_id, kind, value, person.id))
    return [entry for entry in found if entry is not None]


def _known(names: dict[int, dict[str, int]], messages: Sequence[Names]) -> tuple[list[Resolved | None], list[int]]:
    """What the cache can say, and the numbers of the messages that need more: new names, two contacts, an alias."""
    users, anonymouses, emails, phones = names[USER], names[ANONYMOUS], names[EMAIL], names[PHONE]
    found: list[Resolved | None] = []
    slow: list[int] = []
    for number, (user, anonymous, email, phone, _, alias, _) in enumerate(messages):
        ids = set()
        if user is not None:
            ids.add(users.get(user))
        if anonymous is not None:
            ids.add(anonymouses.get(anonymous))
        if email is not None:
            ids.add(emails.get(email))
        if phone is not None:
            ids.add(phones.get(phone))
        only = ids.pop() if len(ids) == 1 else None
        if only is None or alias:
            slow.append(number)
            found.append(None)
        else:
            found.append(Resolved(only))
    return found, slow


def _settle(
    conn: Connection[Any],
    workspace_id: int,
    messages: Sequence[Names],
    found: list[Resolved | None],
    slow: list[int],
) -> IdentityBook:
    wanted = {name for number in slow for name in given_names(messages[number])}
    for number in slow:
        if (previous := messages[number].previous) is not None:
            wanted |= {(USER, previous), (ANONYMOUS, previous)}
    for _ in range(ATTEMPTS):
        book, loaded = _load(conn, workspace_id, wanted)
        answers = []
        for number in slow:
            answer = book.resolve(messages[number])
            if answer is None:
                raise ValueError("a message without a name")
            answers.append((number, answer))
        if book.changes:
            try:
                with conn.transaction():
                    write_changes(conn, workspace_id, book.changes, loaded)
            except Outdated:
                continue
        for number, (person, merges) in answers:
            found[number] = Resolved(person.id, tuple((merge.loser.id, merge.winner.id) for merge in merges))
        return book
    raise Outdated


LOAD = load_sql("safar.contacts", "identity_load")


def _load(conn: Connection[Any], workspace_id: int, wanted: set[Name]) -> tuple[IdentityBook, Loaded]:
    """A book that knows these names, and what it was told of each contact: has it a userId, an address, which names."""
    numbers = iter(range(-1, -1 - 4 * len(wanted), -1))
    book = IdentityBook(lambda key: next(numbers))
    people: dict[int, Person] = {}
    loaded: Loaded = {}
    kinds, values = zip(*wanted, strict=True)
    for kind, value, contact_id, user, address in conn.execute(LOAD, (list(kinds), list(values), workspace_id)):
        person = people.get(contact_id)
        if person is None:
            person = people[contact_id] = Person(contact_id, "", user, anonymous=user is None and not address)
            loaded[contact_id] = (user is not None, address, set())
        book.know(kind, value, person)
        loaded[contact_id][2].add((kind, value))
    return book, loaded
