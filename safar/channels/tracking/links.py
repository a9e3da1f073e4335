"""Where tracked links lead: written down before a message goes that has them, and read when somebody follows one.

A campaign to 100,000 has a handful of addresses, which a dispatcher writes once and then knows. An address that is not in the template as it
stands was made for one person: it is written for each, a claim's together, and belongs to that person until a second one gets it.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.errors import UniqueViolation

from safar.channels.tracking.tokens import number_of_link
from safar.outbox.rows import as_json, printable
from safar.outbox.statements import statement

LONGEST_URL = 4_000  # characters: what is longer stays as it is, and is not tracked
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # base58: no 0 and O, no I and l
CODE = 7  # letters of a short link's code: 2 × 10^12 of them
KNOWN = 20_000  # links that a process remembers


@dataclass(frozen=True, slots=True)
class Link:
    """contact_id: the only one who has it so far as this message tells; None: it stands in the template."""

    workspace_id: int
    url: str
    contact_id: int | None = None

    @property
    def id(self) -> int:
        return number_of_link(self.url)


@dataclass(frozen=True, slots=True)
class Short:
    """An SMS that wants a short link."""

    workspace_id: int
    bucket: int
    message_id: int
    link_id: int


class KnownLinks:
    """Links of templates that are written down already, so far as this dispatcher has seen; one a process, forgotten in turn."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, int], None] = OrderedDict()

    def __contains__(self, link: Link) -> bool:
        return link.contact_id is None and (link.workspace_id, link.id) in self._known

    def add(self, links: Iterable[Link]) -> None:
        for link in links:
            if link.contact_id is None:
                self._known[link.workspace_id, link.id] = None
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)


def keep_links(conn: Connection[Any], links: Collection[Link], known: KnownLinks) -> None:
    """Write down those that are not known yet, in one statement."""
    new = [link for link in set(links) if link not in known]
    if not new:
        return
    rows = [
        {"workspace_id": one.workspace_id, "id": one.id, "url": printable(one.url), "contact_id": one.contact_id}
        for one in new
    ]
    conn.execute(statement("keep_links", "safar.channels.tracking"), {"rows": as_json(rows)})
    known.add(new)


def shorten(conn: Connection[Any], wanted: Sequence[Short]) -> Mapping[tuple[int, int], str]:
    """(bucket, message) → code, the same as before for a message that has one."""
    if not wanted:
        return {}
    while True:
        rows = [
            {
                "code": "".join(secrets.choice(ALPHABET) for _ in range(CODE)),
                "workspace_id": one.workspace_id,
                "bucket": one.bucket,
                "message_id": one.message_id,
                "link_id": one.link_id,
            }
            for one in wanted
        ]
        try:
            with conn.transaction():
                found = conn.execute(
                    statement("shorten", "safar.channels.tracking"), {"rows": as_json(rows)}
                ).fetchall()
        except UniqueViolation:  # a code that another message has: once in millions
            continue
        return {(bucket, message): code for bucket, message, code in found}


def is_code(text: str) -> bool:
    """Whether it may be a short link's."""
    return len(text) == CODE and all(letter in ALPHABET for letter in text)


def read_target(conn: Connection[Any], workspace_id: int, link_id: int) -> tuple[str, bool] | None:
    """(where it leads, whether it is one contact's alone: that may change yet, by their being erased)."""
    row = conn.execute(
        "SELECT url, contact_id IS NOT NULL FROM link WHERE workspace_id = %s AND id = %s", (workspace_id, link_id)
    ).fetchone()
    return None if row is None else (row[0], row[1])


def read_codes(conn: Connection[Any], codes: Collection[str]) -> Mapping[str, Short]:
    """What short links are, of those there are."""
    rows = conn.execute(
        "SELECT code, workspace_id, bucket, message_id, link_id FROM short_link WHERE code = ANY (%s)", (list(codes),)
    )
    return {code: Short(*rest) for code, *rest in rows}
