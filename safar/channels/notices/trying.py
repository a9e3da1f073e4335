"""A test notice to a destination, by the ordinary way out; what became of it is read as any test's (``trying_own.read_test``)."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from safar.channels.notices.destinations import Destination
from safar.channels.notices.kind import kinds, queue_of
from safar.outbox.rows import CHANNEL
from safar.outbox.statements import statement


def send_test_notice(conn: Connection[Any], one: Destination, *, text: str, by: str) -> list[int]:
    """Puts a test into the outbox for each message that a digest would be there; their numbers. It leaves while the destination is paused too, and
    ends with the service's first answer; the installation's mode counts, the workspace's does not: a person has asked for it.
    """
    kind = kinds()[one.kind]
    made = {"language": one.language, "subject": text if kind.channel == "email" else "", "html": "", "text": text}
    channel = queue_of(kind, one.id, test=True)
    numbers = []
    for to in kind.readers(one.settings) or [[one.name]]:
        what = {"channel": channel, "to": list(to), "made": made, "template": None, "destination": one.id}
        effect = {**what, "class": "transactional", "by": by, "service": True}
        asked = {"workspace_id": one.workspace_id, "effect": Jsonb(effect)}
        row = conn.execute(statement("put_test", "safar.channels"), asked).fetchone()
        assert row is not None
        numbers.append(int(row[0]))
    conn.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return numbers
