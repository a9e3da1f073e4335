"""Writes what an identity book decided, or finds that somebody else was faster."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from safar.contacts.book import Changes, Name, Person
from safar.contacts.ids import bucket, contact_id
from safar.contacts.names import ANONYMOUS, USER

Loaded = dict[int, tuple[bool, bool, set[Name]]]  # contact → has a userId, has an address, the names that were read

LOCK = """
SELECT kind, value, contact_id FROM identity WHERE contact_id = ANY(%s) ORDER BY workspace_id, kind, value FOR UPDATE
"""
NUMBERS = "SELECT nextval('contact_number') FROM generate_series(1, %s)"
MAKE = """
INSERT INTO contact (bucket, id, workspace_id, key, external_id)
SELECT b, i, %s, k, e FROM unnest(%s::smallint[], %s::bigint[], %s::text[], %s::text[]) AS n (b, i, k, e)
"""
GIVE = """
INSERT INTO identity (workspace_id, kind, value, contact_id)
SELECT %s, k, v, c FROM unnest(%s::smallint[], %s::text[], %s::bigint[]) AS n (k, v, c)
ON CONFLICT DO NOTHING
"""
MOVE = "UPDATE identity SET contact_id = %s WHERE contact_id = %s"
FIRST_USER = "UPDATE contact SET external_id = %s WHERE bucket = %s AND id = %s AND external_id IS NULL"


class Outdated(Exception):
    """The rows the book was given are no longer so: read them again."""


def write_changes(conn: Connection[Any], workspace_id: int, changes: Changes, loaded: Loaded) -> None:
    """Write in the caller's savepoint; gives made people their ids. Raises Outdated when it must not stand.

    Order of locks, so that processes wait for each other in one direction: names that stand, by key; new names, by key.
    """
    _lock(conn, changes, loaded)
    _make(conn, workspace_id, changes.made)
    if changes.given:
        rows = sorted((*name, person.survivor.id) for name, person in changes.given)
        kinds, values, owners = zip(*rows, strict=True)
        given = conn.execute(GIVE, (workspace_id, list(kinds), list(values), list(owners)))
        if given.rowcount < len(rows):
            raise Outdated
    for merge in changes.merged:
        if merge.loser.id in loaded:
            conn.execute(MOVE, (merge.loser.survivor.id, merge.loser.id))
    named = {p.id: p.user for p in changes.first_users if p.merged_into is None and p.id in loaded}
    for number, user in sorted(named.items()):
        conn.execute(FIRST_USER, (user, bucket(number), number))


def _lock(conn: Connection[Any], changes: Changes, loaded: Loaded) -> None:
    """Hold the names of the known contacts that are changed, and see that they are as they were read."""
    people = [person for _, person in changes.given]
    people += [person for merge in changes.merged for person in (merge.loser, merge.winner)]
    concerned = sorted({person.id for person in people if person.id in loaded})
    if not concerned:
        return
    now: dict[int, set[Name]] = {number: set() for number in concerned}
    for kind, value, number in conn.execute(LOCK, (concerned,)):
        now[number].add((kind, value))
    for number, names in now.items():
        has_user, has_address, read = loaded[number]
        kinds = {kind for kind, _ in names}
        if (USER in kinds, bool(kinds - {USER, ANONYMOUS}), read <= names) != (has_user, has_address, True):
            raise Outdated


def _make(conn: Connection[Any], workspace_id: int, made: list[Person]) -> None:
    """Rows for the new contacts. Those already merged get one as well: the log and the merge need somebody to name."""
    if not made:
        return
    numbers = conn.execute(NUMBERS, (len(made),)).fetchall()
    for person, (number,) in zip(made, numbers, strict=True):
        person.id = contact_id(number, person.key)
    conn.execute(
        MAKE,
        (
            workspace_id,
            [bucket(person.id) for person in made],
            [person.id for person in made],
            [person.key for person in made],
            [person.user for person in made],
        ),
    )
