"""The suppression list: addresses that get nothing, whatever the consent says. Imports add to it and never take off.

Of whom was erased only a keyed hash stays (`mark`): nobody can read the address off it, and the gate still knows it again.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import cache
from typing import Any

import psycopg

from safar.contacts.names import fold_phone

_ADD = """
INSERT INTO suppression (workspace_id, channel, address, reason, at)
SELECT %(workspace)s, c, a, r, now() FROM unnest(%(channels)s::text[], %(addresses)s::text[], %(reasons)s::text[]) s (c, a, r)
ON CONFLICT (workspace_id, channel, address) DO NOTHING
"""
_LIFT = "DELETE FROM suppression WHERE workspace_id = %s AND channel = %s AND address = ANY (%s)"
_TAKE = "DELETE FROM suppression WHERE workspace_id = %s AND channel = %s AND address = %s RETURNING reason, at"
_PUT = "INSERT INTO suppression (workspace_id, channel, address, reason, at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"


def suppress(conn: psycopg.Connection[Any], workspace_id: int, rows: Sequence[tuple[str, str, str]]) -> None:
    """rows: (channel, address, reason); an address that is on the list already keeps its reason."""
    folded = sorted({(channel, fold_address(channel, address), reason) for channel, address, reason in rows})
    asked = {name: [row[place] for row in folded] for place, name in enumerate(("channels", "addresses", "reasons"))}
    conn.execute(_ADD, {**asked, "workspace": workspace_id})


def lift_suppression(
    conn: psycopg.Connection[Any], *, workspace_id: int, channel: str, address: str, keys: Sequence[str]
) -> bool:
    """Take an address off, by hand. keys: secret keys of the installation. False where it was not on the list."""
    known = [*spellings(channel, address), *marks(channel, address, keys)]
    return conn.execute(_LIFT, (workspace_id, channel, known)).rowcount > 0


def mask_suppression(
    conn: psycopg.Connection[Any], *, workspace_id: int, addresses: Sequence[tuple[str, str]], key: str
) -> None:
    """addresses: (channel, address) of somebody who is being erased. Those on the list stay there as keyed hashes."""
    for channel, address in addresses:
        for known in spellings(channel, address):
            row = conn.execute(_TAKE, (workspace_id, channel, known)).fetchone()
            if row is not None:
                conn.execute(_PUT, (workspace_id, channel, mark(channel, address, key), *row))


def mark(channel: str, address: str, key: str) -> str:
    """What stands for an address on the list once its owner was erased. key: the installation's secret key."""
    return "hash:" + hmac.digest(_own(key), f"{channel} {fold_address(channel, address)}".encode(), "sha256").hex()


@cache
def _own(key: str) -> bytes:
    return hmac.digest(key.encode(), b"safar.suppression", "sha256")


def marks(channel: str, address: str | None, keys: Sequence[str]) -> list[str]:
    """One for each secret key, so that a change of the key forgets nobody."""
    return [mark(channel, address, key) for key in keys] if address else []


def fold_address(channel: str, address: str) -> str:
    """As the list has it: an e-mail in small letters; a number in E.164, however a shop has typed it, where it can be read."""
    return address.strip().lower() if channel == "email" else fold_phone(address) or address.strip()


def spellings(channel: str, address: str | None) -> list[str]:
    """How an address may stand on the list: as it is folded, and as it was typed."""
    return list(dict.fromkeys((fold_address(channel, address), address.strip()))) if address else []
