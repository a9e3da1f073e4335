"""Tokens by which a visitor of a site is surely known: signed, for whoever followed a link of a message, or for whom the shop's server vouches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from psycopg import Connection

PARAMETER = "safar_visitor"  # in the address that a link of a message leads to
GOOD_FOR = timedelta(days=180)
MESSAGE, CONTACT = "m", "c"
_SALT = "safar.website.visitor"
_SITES = """
SELECT t.sites FROM tracking t WHERE t.workspace_id = %(workspace)s AND EXISTS (SELECT FROM form f WHERE f.workspace_id = t.workspace_id
    AND f.live AND f.definition ->> 'kind' = 'pop_up' AND (f.definition ->> 'segment' <> '' OR (f.definition ->> 'unless_agreed')::boolean))
"""


@dataclass(frozen=True, slots=True)
class Visitor:
    """kind: MESSAGE or CONTACT, whose number it is."""

    kind: str
    workspace_id: int
    bucket: int
    number: int


def sign_visitor(visitor: Visitor, now: datetime, keys: Sequence[str]) -> str:
    """Good for GOOD_FOR; may stand in a URL."""
    said = [visitor.kind, visitor.workspace_id, visitor.bucket, visitor.number, int(now.timestamp())]
    return signing.dumps(said, key=keys[0], salt=_SALT)


def read_visitor(token: str, now: datetime, keys: Sequence[str]) -> Visitor | None:
    """None for what was not signed here, or too long ago. keys: the present one first."""
    try:
        *said, at = signing.loads(token[:500], key=keys[0], salt=_SALT, fallback_keys=list(keys[1:]))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Visitor(*said) if now.timestamp() - at < GOOD_FOR.total_seconds() else None


def read_sites(conn: Connection[Any], workspace_id: int) -> Sequence[str]:
    """The workspace's own sites, where one of its forms opens for some visitors only; else none: nothing is told that nobody asks for."""
    row = conn.execute(_SITES, {"workspace": workspace_id}).fetchone()
    return tuple(row[0]) if row else ()
