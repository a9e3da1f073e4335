"""Hooks of a workspace: made, changed, given another address, looked up by it, taken away; and the latest call to each."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from safar.channels.hooks.reading import FIELDS, LONGEST_PATH
from safar.channels.services.sealing import seal, unseal
from safar.channels.webhooks.writing import NAME
from safar.lib.faults import Faults, Refused, said
from safar.outbox.rows import printable

MOST = 50  # of one workspace
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LONGEST_SECRET = 200
KEPT = 33_000  # characters of the latest body: as many as an event may have
USUAL = {"user_id": "userId", "email": "email", "phone": "phone"}  # the paths of a new one
PREFIX = "/hooks/"

_COLUMNS = "SELECT workspace_id, key, token, fields, header, sealed, last_at, last_body, last_fault FROM hook"
_PUT = """
INSERT INTO hook (workspace_id, key, token, fields, header, sealed) VALUES (%(workspace)s, %(key)s, %(token)s, %(fields)s, %(header)s, %(sealed)s)
ON CONFLICT (workspace_id, key) DO UPDATE SET fields = EXCLUDED.fields, header = EXCLUDED.header, sealed = EXCLUDED.sealed"""
_NOTE = "UPDATE hook SET last_at = %s, last_body = %s, last_fault = %s WHERE workspace_id = %s AND key = %s"


@dataclass(frozen=True, slots=True)
class Hook:
    """fields: of FIELDS, those that are said → path. header: that bears the signature; empty: none is asked for."""

    workspace_id: int
    key: str
    token: str
    fields: Mapping[str, str]
    header: str = ""
    sealed: bytes | None = field(default=None, repr=False)
    last_at: datetime | None = None
    last_body: str | None = field(default=None, repr=False)
    last_fault: str | None = None

    @property
    def path(self) -> str:
        return f"{PREFIX}{self.token}"

    def secret(self, keys: Sequence[str]) -> str:
        """In clear; empty where none was given. Raises ValueError where it was sealed under a key that is no more."""
        return unseal(self.sealed, keys)["secret"] if self.sealed else ""


def list_hooks(conn: Connection[Any], workspace_id: int) -> list[Hook]:
    """By key."""
    rows = conn.execute(f"{_COLUMNS} WHERE workspace_id = %s ORDER BY key", (workspace_id,))
    return [Hook(*row) for row in rows]


def read_hook(conn: Connection[Any], workspace_id: int, key: str) -> Hook | None:
    row = conn.execute(f"{_COLUMNS} WHERE workspace_id = %s AND key = %s", (workspace_id, key)).fetchone()
    return None if row is None else Hook(*row)


def find_hook(conn: Connection[Any], token: str) -> Hook | None:
    """The hook at this address."""
    row = conn.execute(f"{_COLUMNS} WHERE token = %s", (token,)).fetchone()
    return None if row is None else Hook(*row)


def make_hook(conn: Connection[Any], workspace_id: int, key: str) -> Hook:
    """A new one, that finds the contact at the USUAL paths. Raises Refused with every fault."""
    faults = Faults()
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtext('hook'), %s)", (workspace_id,))
        known = [one.key for one in list_hooks(conn, workspace_id)]
        if not KEY.fullmatch(key):
            faults.at("key").add(said("small Latin letters, digits, - and _, such as survey-tool"))
        elif key in known:
            faults.at("key").add(said("there is one of this name already"))
        elif len(known) >= MOST:
            faults.add(said("there may be at most %(most)s hooks", most=MOST))
        if faults:
            raise Refused(faults)
        put = {"workspace": workspace_id, "key": key, "token": _token(), "header": "", "sealed": None}
        conn.execute(_PUT, put | {"fields": Jsonb(USUAL)})
    made = read_hook(conn, workspace_id, key)
    assert made is not None
    return made


def change_hook(
    conn: Connection[Any], hook: Hook, *, fields: Mapping[str, str], header: str, secret: str, keys: Sequence[str]
) -> None:
    """secret: an empty one stays as it was; without a header there is none. Raises Refused with every fault at ``header``, ``secret`` or the field."""
    faults = Faults()
    given = {name: fields[name].strip() for name in FIELDS if fields.get(name, "").strip()}
    for name, path in given.items():
        if len(path) > LONGEST_PATH or not path.isprintable():
            faults.at(name).add(said("must not be longer than %(limit)s characters", limit=LONGEST_PATH))
    if not given:
        faults.at("email").add(said("say at least one path: a hook has to find the contact"))
    if header and not NAME.fullmatch(header):
        faults.at("header").add(said("is no name of a header, such as X-Signature"))
    if header and not secret and hook.sealed is None:
        faults.at("secret").add(said("is missing"))
    if len(secret) > LONGEST_SECRET or (secret and not secret.isprintable()):
        faults.at("secret").add(said("must not be longer than %(limit)s characters", limit=LONGEST_SECRET))
    if faults:
        raise Refused(faults)
    sealed = (seal({"secret": secret}, keys) if secret else hook.sealed) if header else None
    put = {"workspace": hook.workspace_id, "key": hook.key, "token": hook.token, "fields": Jsonb(given)}
    conn.execute(_PUT, put | {"header": header, "sealed": sealed})


def renew_hook(conn: Connection[Any], workspace_id: int, key: str) -> bool:
    """Another address; the old one is nobody's. False where there is no such hook."""
    done = conn.execute(
        "UPDATE hook SET token = %s WHERE workspace_id = %s AND key = %s", (_token(), workspace_id, key)
    )
    return done.rowcount == 1


def drop_hook(conn: Connection[Any], workspace_id: int, key: str) -> bool:
    return conn.execute("DELETE FROM hook WHERE workspace_id = %s AND key = %s", (workspace_id, key)).rowcount == 1


def note_call(conn: Connection[Any], hook: Hook, at: datetime, body: str, fault: str | None) -> None:
    """The latest call, for whoever sets the hook up. body: as JSON, where it could be read."""
    text = printable(body) or ""
    conn.execute(_NOTE, (at, text if len(text) <= KEPT else "", printable(fault), hook.workspace_id, hook.key))


def _token() -> str:
    return secrets.token_urlsafe(24)
