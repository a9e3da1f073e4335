"""Forms of a workspace: kept, listed, found by the token of their address, taken away."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from safar.channels.consent.confirming import needs_confirmation
from safar.contacts.topics import list_topics
from safar.lib.faults import Faults, Refused, said
from safar.website.form import Form, check_form

MOST = 50  # forms of a workspace
_COLUMNS = "f.workspace_id, f.token, f.live, f.definition::text, w.name, w.language, coalesce(p.accent, '')"
_FROM = "FROM form f JOIN accounts_workspace w ON w.id = f.workspace_id LEFT JOIN privacy p ON p.workspace_id = f.workspace_id"
_LIST = f"SELECT {_COLUMNS} {_FROM} WHERE f.workspace_id = %s ORDER BY f.key"
_FIND = f"SELECT {_COLUMNS} {_FROM} WHERE f.token = %s"
_SAVE = """
INSERT INTO form (workspace_id, key, token, live, definition) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, key) DO UPDATE SET live = EXCLUDED.live, definition = EXCLUDED.definition, changed_at = now()
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form with where it stands. workspace: its name; language: the workspace's; accent: the workspace's colour, or empty."""

    workspace_id: int
    token: str
    live: bool
    form: Form
    workspace: str
    language: str
    accent: str

    @property
    def colour(self) -> str:
        return self.form.colour or self.accent


def list_forms(conn: Connection[Any], workspace_id: int) -> list[Kept]:
    """By their keys."""
    return [_kept(row) for row in conn.execute(_LIST, (workspace_id,)).fetchall()]


def find_form(conn: Connection[Any], token: str) -> Kept | None:
    """The form at this address, live or not."""
    row = conn.execute(_FIND, (token,)).fetchone() if token.isascii() and len(token) <= 64 else None
    return _kept(row) if row else None


def save_form(conn: Connection[Any], workspace_id: int, form: Form, *, live: bool, fresh: bool) -> None:
    """Keep it. fresh: it has to be a new one. Its address stays what it was. Raises Refused with every fault."""
    check_form(form)
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtext('form'), %s)", (workspace_id,))
        keys = [one.form.key for one in list_forms(conn, workspace_id)]
        faults = Faults()
        if fresh and form.key in keys:
            faults.at("key").add(said("there is a form '%(key)s' already", key=form.key))
        if form.key not in keys and len(keys) >= MOST:
            faults.add(said("has %(number)s forms, and that is the limit", number=MOST))
        topics = [one.topic for one in form.consents]
        asks = [one.key for one in list_topics(conn, workspace_id) if one.key in topics and one.double_opt_in]
        if asks and not confirms(conn, workspace_id, form):
            faults.at("topic").add(said("is joined by a confirmation only, and this form asks for none"))
        if form.segment and form.segment not in list_segments(conn, workspace_id):
            faults.at("segment").add(said("there is no segment '%(key)s'", key=form.segment))
        if faults:
            raise Refused(faults)
        token, definition = secrets.token_urlsafe(9), msgspec.json.encode(form).decode()
        conn.execute(_SAVE, (workspace_id, form.key, token, live, definition))


def list_segments(conn: Connection[Any], workspace_id: int) -> list[str]:
    """Keys of those that a form may open for, in the order in which they were made."""
    rows = conn.execute("SELECT key FROM segments_segment WHERE workspace_id = %s ORDER BY id", (workspace_id,))
    return [key for (key,) in rows.fetchall()]


def delete_form(conn: Connection[Any], workspace_id: int, key: str) -> bool:
    """Its address is nothing from now on, and its figures go: a new one may get the key. False where there was none."""
    with conn.transaction():
        for table in ("form_count", "form_answer"):
            conn.execute(
                SQL("DELETE FROM {} WHERE workspace_id = %s AND form = %s").format(Identifier(table)),
                (workspace_id, key),
            )
        return conn.execute("DELETE FROM form WHERE workspace_id = %s AND key = %s", (workspace_id, key)).rowcount == 1


def confirms(conn: Connection[Any], workspace_id: int, form: Form, topics: Sequence[str] = ()) -> bool:
    """Whether what is agreed to by this form, with these topics, is confirmed by a message. A topic that wants it stands before the form,
    which may be older than that wish."""
    return needs_confirmation(conn, workspace_id, topics, double=form.double_opt_in)


def _kept(row: tuple[Any, ...]) -> Kept:
    workspace_id, token, live, definition, *rest = row
    return Kept(workspace_id, token, live, msgspec.json.decode(definition, type=Form), *rest)
