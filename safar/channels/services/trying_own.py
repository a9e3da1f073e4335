"""Whether a workspace's own service works: a test to one address by the ordinary way out, and what is left of the account's money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from safar.channels.provider import account_of, providers
from safar.channels.services.circuits import read_refusal
from safar.channels.services.http_line import Credit, HttpLine
from safar.channels.services.own import opened, read_owns
from safar.channels.settings import Sending
from safar.lib.calls import CallFault
from safar.outbox.rows import CHANNEL
from safar.outbox.statements import statement


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a test. state: of a message, or ``waits`` before its hand-over. reason, said: as kept with it, or why its account
    is refused now.
    """

    state: str
    provider: str | None = None
    reason: str | None = None
    said: str | None = None
    delivered: bool = False


def send_service_test(conn: Connection[Any], workspace_id: int, *, channel: str, to: str, text: str, by: str) -> int:
    """Puts a test into the outbox and gives its number. It leaves by the workspace's own service whatever the workspace's mode is: a person
    has asked for it, to this one address; the installation's mode still counts.
    """
    made = {"language": "", "subject": text if channel == "email" else "", "html": "", "text": text}
    what = {"channel": channel, "to": to, "made": made, "template": None}
    effect = {**what, "class": "transactional", "by": by, "service": True}
    row = conn.execute(
        statement("put_test", "safar.channels"), {"workspace_id": workspace_id, "effect": Jsonb(effect)}
    ).fetchone()
    assert row is not None
    conn.execute(f"NOTIFY {CHANNEL}")
    return int(row[0])


def read_test(conn: Connection[Any], workspace_id: int, number: int) -> Tried | None:
    """None where this workspace has no such test."""
    row = conn.execute(
        "SELECT state, provider, reason, said, delivered_at IS NOT NULL FROM message"
        " WHERE bucket = 0 AND id = %s AND workspace_id = %s AND kind = 'test'",
        (number, workspace_id),
    ).fetchone()
    if row is not None and row[0] != "pending":
        return Tried(*row)
    queued = conn.execute(
        "SELECT channel FROM outbox WHERE (bucket, enrollment_id, entry_no, trail_pos, point) = (0, %s, 0, 0, 0)"
        " AND workspace_id = %s AND kind = 'test'",
        (-number, workspace_id),
    ).fetchone()
    if queued is None:
        return None
    own = read_owns(conn, workspace_id).get(queued[0])
    refusal = (
        read_refusal(conn, provider=account_of(own.provider, own), workspace_id=workspace_id)
        if own is not None
        else None
    )
    reason, said = refusal or (None, None)
    return Tried("waits", own.provider if own else None, reason, said)


def read_credit(conn: Connection[Any], workspace_id: int, channel: str, *, sending: Sending) -> Credit | None:
    """What is left, asked of the service now; None where it does not tell. Raises ValueError with the service's words, or ours."""
    own = read_owns(conn, workspace_id).get(channel)
    kind = providers().get(own.provider) if own else None
    if own is None or kind is None or not kind.tells_credit:
        return None
    line = kind.open_own(sending, own, opened(own, sending.secret_keys))
    assert isinstance(line, HttpLine)
    try:
        return line.ask_credit()
    except CallFault as fault:
        raise ValueError(str(fault)) from None
    finally:
        line.close()
