"""Two contacts that are one person become one, by a member's hand: as an alias from a trusted key would do it."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from safar.contacts.ids import bucket
from safar.contacts.person import Person, find_person
from safar.contacts.writing import FIRST_USER, LOCK, MOVE
from safar.events.edit import edit_of
from safar.events.editing import put_in
from safar.lib.faults import Fault, Refused, said


def merge_contacts(conn: Connection[Any], *, workspace_id: int, winner: int, loser: int, by: str) -> bool:
    """The loser's names, history, fields, tags and consents become the winner's (docs/semantics.md 6); its trips end.

    True where the engine has applied it within a second. Raises Refused where one of them is not there any more.
    """
    if winner == loser:
        raise Refused([Fault("", said("a contact cannot be merged into itself"))])
    _whole(conn, workspace_id, winner)
    gone = _whole(conn, workspace_id, loser)

    def move() -> None:
        """Names locked in the order in which ingestion locks them; whoever was faster is seen here."""
        owners = {row[2] for row in conn.execute(LOCK, ([winner, loser],)).fetchall()}
        if owners != {winner, loser}:
            raise Refused([Fault("", said("the contact has no name left: it was merged or erased meanwhile"))])
        conn.execute(MOVE, (winner, loser))
        if gone.external_id is not None:
            conn.execute(FIRST_USER, (gone.external_id, bucket(winner), winner))

    message = edit_of(by=by, properties={"merged": gone.known_as})
    return put_in(conn, workspace_id, winner, message, merges=((loser, winner),), first=move)


def _whole(conn: Connection[Any], workspace_id: int, contact: int) -> Person:
    person = find_person(conn, workspace_id, contact)
    if person is None or person.merged_into is not None or person.erased_at is not None:
        raise Refused([Fault("", said("the contact has no name left: it was merged or erased meanwhile"))])
    return person
