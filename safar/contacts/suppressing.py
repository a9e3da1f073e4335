"""The suppression list: addresses that get nothing, whatever the consent says. Imports add to it and never take off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

_ADD = """
INSERT INTO suppression (workspace_id, channel, address, reason, at)
SELECT %(workspace)s, c, a, r, now() FROM unnest(%(channels)s::text[], %(addresses)s::text[], %(reasons)s::text[]) s (c, a, r)
ON CONFLICT (workspace_id, channel, address) DO NOTHING
"""
_LIFT = "DELETE FROM suppression WHERE workspace_id = %s AND channel = %s AND address = %s"


def suppress(conn: psycopg.Connection[Any], workspace_id: int, rows: Sequence[tuple[str, str, str]]) -> None:
    """rows: (channel, address, reason); an address that is on the list already keeps its reason."""
    folded = sorted({(channel, fold_address(channel, address), reason) for channel, address, reason in rows})
    asked = {name: [row[place] for row in folded] for place, name in enumerate(("channels", "addresses", "reasons"))}
    conn.execute(_ADD, {**asked, "workspace": workspace_id})


def lift_suppression(conn: psycopg.Connection[Any], *, workspace_id: int, channel: str, address: str) -> bool:
    """Take an address off, by hand. False where it was not on the list."""
    return conn.execute(_LIFT, (workspace_id, channel, fold_address(channel, address))).rowcount > 0


def fold_address(channel: str, address: str) -> str:
    """As the gate compares it."""
    return address.strip().lower() if channel == "email" else address.strip()
