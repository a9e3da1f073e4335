"""Files of messages, as another system recorded them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime


def line(**fields: object) -> bytes:
    return json.dumps({"type": "track", "event": "Mug Seen", "userId": "sara", **fields}).encode() + b"\n"


def test_messages_go_in(events, conn):
    report = events(
        line(timestamp="2024-03-20T10:00:00Z", messageId="m-1")
        + line(messageId="m-1")
        + b"\n"
        + line(receivedAt="2024-03-20T11:00:00Z")
        + line(timestamp="2024-03-20T10:00:00Z", sentAt="2024-03-20T10:05:00Z", receivedAt="2024-03-20T11:05:00Z")
        + line(timestamp="2024-03-20T10:00:00Z", sentAt="2024-03-20T10:05:00Z")
    )
    assert (report.accepted, report.repeated, report.refused) == (4, 1, 0)
    at = [row[0] for row in conn.execute("SELECT timestamp FROM inbox ORDER BY id")]
    ten, eleven = datetime(2024, 3, 20, 10, tzinfo=UTC), datetime(2024, 3, 20, 11, tzinfo=UTC)
    assert at == [ten, eleven, eleven, ten]


def test_bad_lines_are_listed(events, conn):
    report = events(
        line(properties={"total": 1})
        + b"not json\n"
        + b'{"type": "track", "event": "Mug Seen", "userId": "sara", "properties": {"a": 1, "a": 2}}\n'
        + line(event="")
        + line(userId=None)
        + line(properties={"x": "y" * 40_000})
        + b'"'
        + b"x" * 300_000
        + b'"\n'
        + line(context={"consent": {"email": "given"}})
    )
    assert report.accepted == 2
    assert [(refusal.line, refusal.place) for refusal in report.refusals] == [
        (2, ""),
        (3, "properties.a"),
        (4, "event"),
        (5, "userId"),
        (6, "properties.x"),
        (7, ""),
    ]
    assert conn.execute("SELECT consent FROM inbox ORDER BY id DESC LIMIT 1").fetchone() == ({"email": "given"},)


def test_gzip_and_its_end(events):
    packed = gzip.compress(b"".join(line(messageId=str(n)) for n in range(500)))
    assert events(packed, "a.jsonl.gz").accepted == 500
    report = events(packed[: len(packed) // 2], "b.jsonl.gz")
    assert report.repeated > 0
    assert report.refusals[-1].message.startswith("the file ends in the middle")
