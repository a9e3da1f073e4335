"""Contacts as lines of a CSV file: ASCII digits, ISO dates, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.sql import Composable

from safar.contacts.listing import Listed, list_contacts
from safar.contacts.topics import CHANNEL_PREFIX, topic_keys

PAGE = 1_000  # contacts read at a time
COLUMNS = (
    "id",
    "email",
    "phone",
    "name",
    "created_at",
    "last_seen",
    "orders",
    "spent",
    "last_order",
    "tags",
    "email_consent",
    "sms_consent",
)
_CONSENTS = """
SELECT i.id, k.channel, k.state FROM unnest(%s::bigint[]) i (id)
JOIN consent k ON k.bucket = (i.id & 1023)::smallint AND k.contact_id = i.id
"""
_TRAITS = """
SELECT DISTINCT k.key FROM (SELECT traits FROM contact WHERE workspace_id::bigint = %s ORDER BY workspace_id::bigint, -id LIMIT 20000) c
CROSS JOIN LATERAL jsonb_object_keys(c.traits) k (key) ORDER BY 1 LIMIT 200
"""
# A cell that begins so is a formula to a spreadsheet; a number or a phone is not.
DANGEROUS = re.compile(r"[=+\-@\t\r]")
HARMLESS = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]+)?")


def export_contacts(
    conn: psycopg.Connection[Any], workspace_id: int, *, typed: str = "", condition: Composable | None = None
) -> Iterator[str]:
    """The file, a thousand contacts a piece; asked for as the list is. Traits that only older contacts have stand in the column `more`."""
    known = {"email", "phone", "name"}
    traits = [row[0] for row in conn.execute(_TRAITS, (workspace_id,)).fetchall() if row[0] not in known]
    topics = [CHANNEL_PREFIX + key for key in topic_keys(conn, workspace_id)]
    yield "\ufeff" + as_lines([[*COLUMNS, *topics, *traits, "more"]])
    after = None
    while True:
        page, _ = list_contacts(conn, workspace_id, typed=typed, condition=condition, after=after, size=PAGE, tags=True)
        ids = [one.id for one in page.people]
        said = {(number, channel): state for number, channel, state in conn.execute(_CONSENTS, (ids,)).fetchall()}
        if page.people:
            yield as_lines([_row(one, traits, topics, said) for one in page.people])
        if page.after is None:
            return
        after = page.after


def safe(text: str) -> str:
    """A cell with a ' before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if DANGEROUS.match(text) and not HARMLESS.fullmatch(text) else text


def _row(one: Listed, traits: Sequence[str], topics: Sequence[str], said: dict[tuple[int, str], str]) -> list[str]:
    rest = {name: value for name, value in one.traits.items() if name not in {*traits, "email", "phone", "name"}}
    consents = [said.get((one.id, channel), "") for channel in ("email", "sms", *topics)]
    first = [
        one.external_id,
        one.email,
        one.phone,
        one.name,
        one.created_at,
        one.last_seen,
        one.orders,
        one.spent,
        one.last_order,
    ]
    cells = [*first, ", ".join(one.tags), *consents, *(one.traits.get(name) for name in traits), rest or None]
    return [safe(_text(cell)) for cell in cells]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def as_lines(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
