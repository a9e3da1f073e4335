"""Where somebody's names may stand outside of what belongs to them: refused rows of files, refused requests, tests of messages. What names
them there goes with them; it is looked for by their addresses and ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from safar.contacts.ids import bucket

SHORTEST = 5  # characters of a name that is looked for: a shorter one stands in everything
_CHANNELS = {3: "email", 4: "sms"}  # kinds of `identity`
_NAMES = "SELECT kind, value FROM identity WHERE workspace_id = %(workspace)s AND contact_id = %(contact)s"
_SENT_TO = "SELECT DISTINCT channel, address FROM message WHERE bucket = %(bucket)s AND contact_id = %(contact)s AND address <> ''"
_OWN = "SELECT email, phone, external_id FROM contact WHERE bucket = %(bucket)s AND id = %(contact)s"

_WIPE = (
    """UPDATE import_progress p SET refusals = coalesce((SELECT jsonb_agg(x) FROM jsonb_array_elements(p.refusals) x
        WHERE NOT x::text ILIKE ANY (%(names)s)), '[]') WHERE workspace_id = %(workspace)s AND refusals::text ILIKE ANY (%(names)s)""",
    """UPDATE job j SET told = jsonb_set(j.told, '{refusals}', coalesce((SELECT jsonb_agg(x) FROM jsonb_array_elements(j.told -> 'refusals') x
        WHERE NOT x::text ILIKE ANY (%(names)s)), '[]'))
       WHERE workspace_id = %(workspace)s AND jsonb_typeof(told -> 'refusals') = 'array' AND (told -> 'refusals')::text ILIKE ANY (%(names)s)""",
    """DELETE FROM refusal WHERE workspace_id = %(workspace)s
        AND (body ILIKE ANY (%(names)s) OR said ILIKE ANY (%(names)s) OR faults::text ILIKE ANY (%(names)s))""",
    """DELETE FROM mailbox b USING message m WHERE m.bucket = 0 AND m.contact_id = 0 AND m.workspace_id = %(workspace)s AND m.kind = 'test'
        AND b.bucket = m.bucket AND b.message_id = m.id AND (m.address ILIKE ANY (%(names)s) OR m.body_text ILIKE ANY (%(names)s))""",
    """UPDATE message SET address = NULL, subject = NULL, body_html = NULL, body_text = NULL, pattern = NULL
       WHERE bucket = 0 AND contact_id = 0 AND workspace_id = %(workspace)s AND kind = 'test'
        AND (address ILIKE ANY (%(names)s) OR body_text ILIKE ANY (%(names)s))""",
)


@dataclass(frozen=True)
class Names:
    """addresses: (channel, address). words: addresses and ids long enough to be looked for in texts."""

    addresses: list[tuple[str, str]]
    words: list[str]


def names_of(conn: Connection[Any], workspace_id: int, contact: int) -> Names:
    """By what somebody is or was written to, or called by programs."""
    asked = {"workspace": workspace_id, "bucket": bucket(contact), "contact": contact}
    known = conn.execute(_NAMES, asked).fetchall()
    email, phone, external = conn.execute(_OWN, asked).fetchone() or (None, None, None)
    addresses = {(_CHANNELS[kind], value) for kind, value in known if kind in _CHANNELS}
    addresses |= {("email", email)} if email else set()
    addresses |= {("sms", phone)} if phone else set()
    addresses |= {(channel, address) for channel, address in conn.execute(_SENT_TO, asked).fetchall()}
    words = {address for _, address in addresses} | {value for _, value in known} | ({external} if external else set())
    return Names(sorted(addresses), sorted(word for word in words if len(word) >= SHORTEST))


def wipe_traces(conn: Connection[Any], workspace_id: int, names: Names) -> None:
    """In the caller's transaction."""
    if names.words:
        patterns = [f"%{_escaped(word)}%" for word in names.words]
        for step in _WIPE:
            conn.execute(step.encode(), {"workspace": workspace_id, "names": patterns})


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
