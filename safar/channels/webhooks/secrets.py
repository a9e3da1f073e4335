"""The secrets of a workspace's webhooks: made, shown once, taken back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.services.sealing import seal, unseal
from safar.lib.faults import Fault, Refused, said

LIVE = 2  # at once: the old one until the other side knows the new one
SHOWN = 10  # letters by which a secret is known again


@dataclass(frozen=True)
class Secret:
    id: int
    beginning: str
    created_at: datetime


def list_secrets(conn: Connection[Any], workspace_id: int) -> list[Secret]:
    """The newest first."""
    rows = conn.execute(
        "SELECT id, beginning, created_at FROM webhook_secret WHERE workspace_id = %s ORDER BY id DESC", (workspace_id,)
    )
    return [Secret(*row) for row in rows]


def make_secret(conn: Connection[Any], workspace_id: int, keys: Sequence[str]) -> str:
    """In clear, this once. keys: the installation's secret keys. Raises Refused where two live already."""
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtext('webhook_secret'), %s)", (workspace_id,))
        known = list_secrets(conn, workspace_id)
        if len(known) >= LIVE:
            raise Refused([Fault("", said("two secrets live already; take the older one back first"))])
        secret = f"whsec_{secrets.token_urlsafe(32)}"
        conn.execute(
            "INSERT INTO webhook_secret (workspace_id, id, sealed, beginning) VALUES (%s, %s, %s, %s)",
            (
                workspace_id,
                max((one.id for one in known), default=0) + 1,
                seal({"secret": secret}, keys),
                secret[:SHOWN],
            ),
        )
    return secret


def drop_secret(conn: Connection[Any], workspace_id: int, number: int) -> bool:
    gone = conn.execute(
        "DELETE FROM webhook_secret WHERE workspace_id = %s AND id = %s RETURNING 1", (workspace_id, number)
    ).fetchone()
    return gone is not None


def open_secrets(conn: Connection[Any], workspace_id: int, keys: Sequence[str]) -> list[str]:
    """In clear, the newest first. Raises ValueError where one was sealed under a key that is not known any more."""
    rows = conn.execute(
        "SELECT sealed FROM webhook_secret WHERE workspace_id = %s ORDER BY id DESC", (workspace_id,)
    ).fetchall()
    try:
        return [unseal(sealed, keys)["secret"] for (sealed,) in rows]
    except ValueError:
        raise ValueError(
            "it was sealed under another SAFAR_SECRET_KEY, which can stand in SAFAR_OLD_SECRET_KEYS"
        ) from None
