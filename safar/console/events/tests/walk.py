"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from safar.console.tests.walking import Entry, Side
from safar.contacts.names import Names
from safar.events.catalogue import NameLearner
from safar.events.message import Accepted
from safar.events.refusals import RefusalKeeper

ENTRIES = {"events": Entry(), "events_newer": Entry(), "event_names": Entry(), "events_refused": Entry()}


def fill(side: Side) -> None:
    connection.ensure_connection()
    put(side.workspace.pk, side.marker)


def put(workspace: int, word: str, *, refused: bool = True) -> None:
    """An event that arrived just now, its name in the catalogue, and a refused request."""
    conn = connection.connection
    conn.execute(
        "INSERT INTO contact (bucket, id, workspace_id, key, external_id, email, created_at)"
        " VALUES (5, %(id)s, %(w)s, %(word)s, %(word)s, %(mail)s, now()) ON CONFLICT DO NOTHING",
        {"id": workspace * 1024 + 5, "w": workspace, "word": word, "mail": f"{word}@shop.example"},
    )
    conn.execute(
        "INSERT INTO identity (workspace_id, kind, value, contact_id) VALUES (%s, 1, %s, %s) ON CONFLICT DO NOTHING",
        (workspace, word, workspace * 1024 + 5),
    )
    conn.execute(
        "INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties)"
        " VALUES (5, %s, %s, nextval('event_seq'), now(), now(), 'track', %s, %s)",
        (workspace * 1024 + 5, workspace, f"Seen {word}", f'{{"product": "{word}", "price": 480000}}'),
    )
    learner = NameLearner()
    event = Accepted("track", f"Seen {word}", Names(user=word), datetime.now(UTC), {"product": word, "price": 480000})
    learner.notice(workspace, [event])
    learner.flush(conn)
    if refused:
        keeper = RefusalKeeper()
        faults = [{"place": "event", "message": "has to be a text of 1 to 255 characters"}]
        body = f'{{"userId": "{word}"}}'.encode()
        keeper.notice(
            workspace, key="pk_abcdef", path="/v1/track", status=400, said=faults[0]["message"], faults=faults,
            body=body, agent="shop/1.0",
        )  # fmt: skip
        keeper.flush(conn)
