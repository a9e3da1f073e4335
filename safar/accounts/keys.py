"""The door for keys: who a key is, by its hash, from a small cache. Plain SQL, so that ingestion needs no Django."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from psycopg import Connection

TTL = 10.0  # seconds a key is believed without asking: how long a revoked one may still work
MAX_KEPT = 10_000  # unknown keys are kept as well, or guessing would cost a query each
MAX_LENGTH = 128

FIND = """
SELECT k.id, k.kind, k.workspace_id, k.prefix, k.scopes, k.sites
FROM accounts_apikey k WHERE k.hash = %s AND k.revoked_at IS NULL
"""


def key_hash(plain: str) -> bytes:
    """SHA-256. Keys are 192 random bits, so a slow hash would protect nothing and cost every request."""
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Key:
    """A live key. trusted: a secret one, which may say consent and merge contacts. sites: whose pages may send with it; none: every one's."""

    id: int
    workspace_id: int
    prefix: str
    trusted: bool
    scopes: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def takes_from(self, origin: str) -> bool:
        """Whether a page of this origin (``https://www.shop.example``) may send. What lies below a site belongs to it. Empty: no page asked."""
        if not self.sites or not origin:
            return True
        host = urlsplit(origin).hostname or ""
        return any(host == site or host.endswith(f".{site}") for site in self.sites)


class KeyRing:
    """Keys known for TTL seconds. One a process; safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Key | None]] = {}
        self._lock = threading.Lock()

    def peek(self, plain: str) -> tuple[bool, Key | None]:
        """(known, key): what can be said without the database. Known and None: there is no such live key."""
        if len(plain) > MAX_LENGTH or not plain.startswith(("pk_", "sk_")):
            return True, None
        kept = self._kept.get(plain)
        if kept is None or kept[0] < self._clock():
            return False, None
        return True, kept[1]

    def find(self, conn: Connection[Any], plain: str) -> Key | None:
        """The live key with this text, or None. Asks the database at most once in TTL seconds for each text."""
        known, key = self.peek(plain)
        if known:
            return key
        row = conn.execute(FIND, (key_hash(plain),)).fetchone()
        key = Key(row[0], row[2], row[3], row[1] == "secret", _texts(row[4]), _texts(row[5])) if row else None
        with self._lock:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[plain] = (self._clock() + TTL, key)
        return key


def _texts(value: Any) -> tuple[str, ...]:
    """jsonb comes as text over a connection of Django's."""
    return tuple(json.loads(value) if isinstance(value, str) else value)


_ring = KeyRing()


def find_key(conn: Connection[Any], plain: str) -> Key | None:
    """The live key with this text, or None; believed for TTL seconds in this process."""
    return _ring.find(conn, plain)
