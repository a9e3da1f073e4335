"""Reading what messages are made from: for a claim's rows together, in three queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from safar.outbox.rows import Claimed, Key, as_json
from safar.outbox.statements import statement


@dataclass(frozen=True, slots=True)
class Workspace:
    """The columns of a workspace that sending needs."""

    id: int
    name: str
    zone: str
    calendar: str
    language: str
    currency: str
    currency_unit: str
    send_mode: str
    team_addresses: Sequence[str]
    sender: str
    reply_to: str
    part_price: Decimal | None = None  # of the channel it was read for


@dataclass(frozen=True, slots=True)
class Material:
    """One row's contact and what else its template may show. All None where the contact is not there any more."""

    bucket: int
    enrollment_id: int
    entry_no: int
    trail_pos: int
    point: int
    contact_key: str | None
    email: str | None
    phone: str | None
    language: str | None
    zone: str | None
    traits: Mapping[str, Any] | None
    facts: Mapping[str, Any] | None
    cart: Any
    latest_order: Any
    entry: Mapping[str, Any] | None
    message_number: int | None
    frozen_template: str | None
    frozen_language: str | None
    frozen_subject: str | None
    frozen_html: str | None
    frozen_text: str | None
    frozen_pattern: Mapping[str, Any] | None
    frozen_header: str | None
    frozen_sender: str | None
    unwatched: bool  # they do not want it to be seen what they open and click

    @property
    def key(self) -> Key:
        return Key(self.bucket, self.enrollment_id, self.entry_no, self.trail_pos, self.point)

    @property
    def frozen(self) -> tuple[str, str, str, str] | None:
        """(language, subject, HTML, text) as an earlier hand-over froze them: the same message goes out again."""
        if self.frozen_text is None:
            return None
        return self.frozen_language or "", self.frozen_subject or "", self.frozen_html or "", self.frozen_text


_WORKSPACE = """
    SELECT w.id, w.name, w.zone, w.calendar, w.language, w.currency, w.currency_unit, w.send_mode, w.team_addresses,
           coalesce(s.address, '') AS sender, coalesce(s.reply_to, '') AS reply_to, s.part_price
      FROM accounts_workspace w
      LEFT JOIN sender s ON s.workspace_id = w.id AND s.channel = %(channel)s
     WHERE w.id = %(workspace_id)s"""

_TEMPLATES = """
    SELECT key, channel, languages, fallbacks, strict, once_more, sender, topic, tracking
      FROM content_template WHERE workspace_id = %(workspace_id)s AND key = ANY(%(keys)s)"""


def read_workspace(conn: Connection[Any], workspace_id: int, channel: str) -> Workspace | None:
    with conn.cursor(row_factory=class_row(Workspace)) as cursor:
        return cursor.execute(_WORKSPACE, {"workspace_id": workspace_id, "channel": channel}).fetchone()


def read_material(conn: Connection[Any], rows: Sequence[Claimed]) -> Mapping[Key, Material]:
    """What belongs to each row."""
    asked = as_json({**row.key.columns(), "contact_id": row.contact_id} for row in rows)
    with conn.cursor(row_factory=class_row(Material)) as cursor:
        found = cursor.execute(statement("material", "safar.channels.sending"), {"rows": asked}).fetchall()
    return {one.key: one for one in found}


def read_templates(conn: Connection[Any], workspace_id: int, keys: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """The templates that there are, by key."""
    if not keys:
        return {}
    rows = conn.execute(_TEMPLATES, {"workspace_id": workspace_id, "keys": list(keys)}).fetchall()
    names = ("channel", "languages", "fallbacks", "strict", "once_more", "sender", "topic", "tracking")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
