"""Openings and clicks written down: of our own pixels and links, and what e-mail services report. They go to the engine as events.

    email_opened · email_clicked · sms_clicked                by people
    …_by_machine                                              by machines: kept, and nothing is decided by them

For each message, link, and person or machine, an event an hour of the clock at most: neither a flood of requests nor two ways by which
the same opening comes make more of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from psycopg import Connection

from safar.channels.tracking.machines import Hit, judge
from safar.channels.tracking.tokens import OPENED, TRAP, Tracked
from safar.outbox.rows import as_json
from safar.outbox.statements import statement

_KNOWN = """
    SELECT m.bucket, m.id, coalesce(m.sending_at, m.accepted_at), m.opened_at, m.channel,
           (SELECT max(r.at) FROM reaction r WHERE r.bucket = m.bucket AND r.message_id = m.id AND r.link_id = 1)
      FROM unnest(%s::smallint[], %s::bigint[]) AS w (bucket, id) JOIN message m ON m.bucket = w.bucket AND m.id = w.id"""


class _Message(NamedTuple):
    sent_at: datetime | None
    opened_at: datetime | None
    channel: str
    trapped_at: datetime | None


def note_hits(conn: Connection[Any], hits: Sequence[Hit], *, opens: bool = True) -> int:
    """Judge them together and write them down; how many events came of it. Hits on messages that are not there, of tests, and of contacts
    who are erased or do not want to be watched leave nothing. opens: False where no opening may be concluded from a click.
    """
    by_message: dict[tuple[int, int], list[Hit]] = defaultdict(list)
    for hit in hits:
        by_message[hit.what.bucket, hit.what.message_id].append(hit)
    found = _read_messages(conn, by_message)
    rows: list[dict[str, Any]] = []
    for key, some in by_message.items():
        if (message := found.get(key)) is not None:
            rows += _rows(some, message, opens=opens)
    if not rows:
        return 0
    rows.sort(key=lambda row: (row["at"], row["link_id"]))
    told = conn.execute(statement("note_reactions", "safar.channels.tracking"), {"rows": as_json(rows)}).fetchone()
    return int(told[0]) if told else 0


def _read_messages(conn: Connection[Any], keys: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], _Message]:
    pairs = list(keys)
    rows = conn.execute(_KNOWN, ([bucket for bucket, _ in pairs], [id for _, id in pairs]))
    return {(bucket, id): _Message(*rest) for bucket, id, *rest in rows}


def _rows(hits: Sequence[Hit], message: _Message, *, opens: bool) -> list[dict[str, Any]]:
    trapped = [hit.at for hit in hits if hit.what.link_id == TRAP]
    made: dict[tuple[int, bool, str], dict[str, Any]] = {}
    for hit in sorted(hits, key=lambda one: one.at):
        trapped_at = min([*trapped, *filter(None, [message.trapped_at])], key=lambda at: abs(hit.at - at), default=None)
        reason = judge(hit, hits, sent_at=message.sent_at, trapped_at=trapped_at)
        row = _row(hit, reason)
        made.setdefault((row["link_id"], row["machine"], row["hour"]), row)
        # Who clicks has opened, though pictures were not shown.
        if opens and not reason and not hit.opened and message.opened_at is None and message.channel == "email":
            opened = _row(replace(hit, what=Tracked(**{**_parts(hit.what), "link_id": OPENED})), "")
            made.setdefault((OPENED, False, opened["hour"]), opened)
    return list(made.values())


def _parts(what: Tracked) -> dict[str, int]:
    return {name: getattr(what, name) for name in Tracked.__slots__}


def _row(hit: Hit, reason: str) -> dict[str, Any]:
    at = hit.at.astimezone(UTC)
    return {
        **_parts(hit.what),
        "machine": bool(reason),
        "reason": reason,
        "at": at.isoformat(),
        "hour": at.replace(minute=0, second=0, microsecond=0).isoformat(),
    }
