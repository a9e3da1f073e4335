"""Messengers on this machine, as the real ones answer (``sms_server`` has the server, and how it misbehaves)."""

from __future__ import annotations

import json
from typing import Any

from safar.channels.tests.sms_server import Asked, SmsServer

TOKEN, CHAT = "123456789:AAabcdefgh", "-1001"
PATH = "/services/T1/B1/secretword"


def bot(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    """Telegram's answers (https://core.telegram.org/bots/api), which are Bale's too."""
    said = json.loads(asked.body)
    if asked.path != f"/bot{TOKEN}/sendMessage":
        return 401, _no(401, "Unauthorized")
    if str(said["chat_id"]) != CHAT:
        return 400, _no(400, "Bad Request: chat not found")
    if len(said["text"]) > 4096:
        return 400, _no(400, "Bad Request: message is too long")
    number = server.take(str(said["chat_id"]), said["text"], "")
    return 200, {"ok": True, "result": {"message_id": number, "chat": {"id": CHAT}}}


def slack(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.path != PATH:
        return 403, b"invalid_token"
    said = json.loads(asked.body)
    if not said.get("text"):
        return 400, b"no_text"
    server.take("", said["text"], "")
    return 200, b"ok"


def _no(code: int, described: str, **parameters: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"ok": False, "error_code": code, "description": described}
    return {**found, "parameters": parameters} if parameters else found


FLOOD = (429, _no(429, "Too Many Requests: retry after 300", retry_after=300))
KICKED = (403, _no(403, "Forbidden: bot was kicked from the group chat"))
SLACK_FLOOD = (429, b"", {"Retry-After": "300"})
SLACK_OVER = (410, b"channel_is_archived")
