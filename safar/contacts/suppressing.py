"""The suppression list: addresses that get nothing, whatever the consent says. Imports add to it and never take off.

Of whom was erased only a keyed hash stays (`mark`): nobody can read the address off it, and the gate still knows it again.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Literal

from safar.contacts.names import BETWEEN_DIGITS, INTERNATIONAL, IRANIAN, fold_phone

_ADD = """
INSERT INTO suppression (workspace_id, channel, address, reason, at)
SELECT %(workspace)s, c, a, r, now() FROM unnest(%(channels)s::text[], %(addresses)s::text[], %(reasons)s::text[]) s (c, a, r)
ON CONFLICT (workspace_id, channel, address) DO NOTHING
"""
_LIFT = "DELETE FROM suppression WHERE workspace_id = %s AND channel = %s AND address = ANY (%s)"
_TAKE = "DELETE FROM suppression WHERE workspace_id = %s AND channel = %s AND address = %s RETURNING reason, at"
_PUT = "INSERT INTO suppression (workspace_id, channel, address, reason, at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
_MARKED = "SELECT EXISTS (SELECT FROM suppression WHERE workspace_id = %s AND address LIKE 'hash:%%')"
_MARK = SQL(
    "('hash:' || encode(sha256(decode(current_setting({}, true), 'hex') || sha256(decode(current_setting({}, true), 'hex')"
    " || convert_to({} || {}, 'UTF8'))), 'hex'))"
)
# names.fold_phone, by the same expressions
_FOLD_NUMBER = SQL(
    "(SELECT coalesce('+98' || substring(p.digits FROM {iranian}), '+' || substring(p.digits FROM {abroad}), p.typed)"
    " FROM (SELECT btrim({address}) AS typed, regexp_replace(safar_fold({address}), {between}, '', 'g') AS digits) p)"
)


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


def marking(conn: psycopg.Connection[Any], workspace_id: int, keys: Sequence[str]) -> Mapping[str, str]:
    """What a transaction has to be set with (``set_config``) for `marks_in_sql`: empty where nobody on the list was erased, which spares the reckoning.

    Secret: bind the values, and let no log see them.
    """
    found = conn.execute(_MARKED, (workspace_id,)).fetchone() if keys else None
    if not found or not found[0]:
        return {}
    padded = [_own(key).ljust(64, b"\0") for key in keys]  # HMAC's two passes (RFC 2104)
    return {
        f"safar.mark_{name}_{place}": bytes(byte ^ pad for byte in key).hex()
        for place, key in enumerate(padded)
        for name, pad in (("inner", 0x36), ("outer", 0x5C))
    }


def marks_in_sql(channel: str, address: Composable, marked: Mapping[str, str]) -> list[Composable]:
    """`marks` as expressions. address: as the list has it; marked: what `marking` gave, and the transaction was set with."""
    return [
        _MARK.format(
            Literal(f"safar.mark_outer_{place}"), Literal(f"safar.mark_inner_{place}"), Literal(f"{channel} "), address
        )
        for place in range(len(marked) // 2)
    ]


def fold_in_sql(channel: str, address: Composable) -> Composable:
    """`fold_address` as an expression over a text."""
    if channel == "email":
        return SQL("lower(btrim({}))").format(address)
    iranian, abroad = (Literal(f"^{one.pattern}$") for one in (IRANIAN, INTERNATIONAL))
    between = Literal(BETWEEN_DIGITS.pattern)
    return _FOLD_NUMBER.format(address=address, iranian=iranian, abroad=abroad, between=between)


def fold_address(channel: str, address: str) -> str:
    """As the list has it: an e-mail in small letters; a number in E.164, however a shop has typed it, where it can be read."""
    return address.strip().lower() if channel == "email" else fold_phone(address) or address.strip()


def spellings(channel: str, address: str | None) -> list[str]:
    """How an address may stand on the list: as it is folded, and as it was typed."""
    return list(dict.fromkeys((fold_address(channel, address), address.strip()))) if address else []
