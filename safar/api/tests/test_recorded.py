"""What Segment's documents show and what its client sent when it was recorded. The data lies beside the checkout."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "segment"

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not FOLDER.is_dir(), reason="there is no shared data here")]


def test_what_the_client_sent(client, conn):
    captures = json.loads((FOLDER / "sdk_http_captures.json").read_text())
    assert captures
    for capture in captures:
        headers = {name.lower(): value for name, value in capture["headers"].items() if name != "Authorization"}
        body = base64.b64decode(capture["raw_base64"])
        if "gzip" not in headers.get("content-encoding", ""):
            assert json.loads(body) == capture["json"]
        assert client.post(capture["path"], body, headers)[0] == 200, capture["sdk"]
    sent = {message["messageId"] for capture in captures for message in capture["json"]["batch"]}
    kept = {row[0] for row in conn.execute("SELECT message_id FROM inbox WHERE message_id IS NOT NULL")}
    assert kept == sent


def as_message(entry: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """What the browser's client makes of a documented call, or the documented payload; whoever says nobody is a visitor."""
    if "payload" in entry:
        message = dict(entry["payload"])
        section = entry["section"].lower()
        kind = message.get("type") or message.get("action") or ("batch" if "batch" in message else section)
        if kind not in ("identify", "track", "page", "screen", "group", "alias", "batch"):
            kind = "identify" if "traits" in message else "track" if "event" in message else ""
    else:
        kind, message = entry["call"], {}
        args = list(entry["args"])
        texts = [arg for arg in args if isinstance(arg, str)]
        objects = [arg for arg in args if isinstance(arg, dict)]
        if kind == "track":
            message = {"event": texts[0], "properties": objects[0] if objects else {}}
        elif kind == "page":
            message = {"name": texts[-1] if texts else "", "properties": objects[0] if objects else {}}
        elif kind == "group":
            message = {"groupId": texts[0], "traits": objects[0] if objects else {}}
        elif kind == "alias":
            message = {"userId": texts[0], "previousId": "a-1"}
        elif kind == "identify":
            message = {"traits": objects[0] if objects else {}} | ({"userId": texts[0]} if texts else {})
    if not kind:
        return None
    if kind != "batch" and not any(message.get(name) for name in ("userId", "anonymousId", "user_id")):
        message["anonymousId"] = "a-1"
    return kind, message


def test_every_documented_payload(client, conn):
    entries = json.loads((FOLDER / "segment_doc_payloads.json").read_text())
    assert len(entries) == 121
    left_out = []
    for entry in entries:
        made = as_message(entry)
        if made is None:
            left_out.append(entry)
            continue
        kind, message = made
        message.pop("messageId", None)  # the documents use the same one again and again
        message.pop("writeKey", None)
        status, answer = client.post(f"/v1/{kind}", message)
        assert status == 200, (entry, answer)
    assert len(left_out) <= 1, left_out  # a piece of `integrations`, which is no message
    names = conn.execute("SELECT count(DISTINCT name) FROM inbox WHERE type = 'track'").fetchone()
    assert names[0] >= 53
