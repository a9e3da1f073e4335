"""Digests as they are made ready for the wire: what each says, and by what it leaves."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection

from safar.channels.notices.destinations import Destination, read_destination
from safar.channels.notices.digest import Frame, Item, write
from safar.channels.notices.kind import TEST, kinds, number_of
from safar.channels.provider import Own
from safar.channels.sending.carriers import Carrier
from safar.content.pool import Rendered
from safar.outbox.rows import Claimed
from safar.outbox.statements import statement

PROVIDER = "destination"
_HERE = "safar.channels.notices"


def write_digests(conn: Connection[Any], rows: Sequence[Claimed], public_url: str) -> Mapping[int, Rendered]:
    """By the digest's number, for rows of one workspace. One that is missing is of a destination that was taken away."""
    asked = sorted({int(row.effect["digest"]) for row in rows if row.kind == "digest"})
    if not asked:
        return {}
    items: dict[int, list[Item]] = defaultdict(list)
    frames: dict[int, tuple[Frame, int]] = {}
    for digest, more, name, slug, zone, key, language, texts, at, contact, who in conn.execute(
        statement("digests", _HERE), {"digests": asked}
    ).fetchall():
        kind = kinds().get(key)
        if kind is None:
            continue
        home = f"{public_url}/w/{slug}"
        frames[digest] = Frame(name, language, zone, f"{home}/notices/", kind.longest, kind.links), more
        if texts is not None:
            items[digest].append(Item(texts, at, who or "", f"{home}/contacts/{contact}/" if contact else ""))
    return {digest: write(items[digest], more, frame) for digest, (frame, more) in frames.items()}


def read_carrier(conn: Connection[Any], workspace_id: int, queue: str) -> tuple[Carrier | None, bool]:
    """(by what a destination's queue leaves the house: None where it is there no more; whether it waits now)."""
    number = number_of(queue)
    one = read_destination(conn, workspace_id, number) if number else None
    if one is None:
        return None, False
    own = Own(workspace_id, queue, PROVIDER, {**one.settings, "kind": one.kind}, _sealed(conn, one), one.version)
    waits = one.paused_at is not None and not queue.endswith(TEST)
    return Carrier(PROVIDER, workspace_id, f"{queue} {one.version}", own), waits


def _sealed(conn: Connection[Any], one: Destination) -> bytes | None:
    row = conn.execute("SELECT sealed FROM destination WHERE id = %s", (one.id,)).fetchone()
    return row[0] if row else None


def read_texts(source: bytes) -> dict[str, str]:
    """Of a notice, by language, as its parcel holds them."""
    found: dict[str, str] = json.loads(source)
    return found
