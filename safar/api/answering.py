"""Answers of the addresses that programs send to: JSON, and every fault with its place."""

from __future__ import annotations

import json
from collections.abc import Iterable

from safar.api.request import Refusal, Send
from safar.lib.faults import Refused

MAX_FAULTS = 100  # told of; a body can hold more than anybody reads
SUCCESS = b'{"success": true}'
JSON = (b"content-type", b"application/json")

Header = tuple[bytes, bytes]


def refusal_of(refused: Refused) -> Refusal:
    """400 with what was found."""
    shown = [{"place": fault.place, "message": fault.message} for fault in refused.faults[:MAX_FAULTS]]
    return Refusal(400, str(refused.faults[0]), shown)


def error(text: str, faults: list[dict[str, str]] | None = None) -> bytes:
    """The body of an answer that is no success."""
    return json.dumps({"error": text, "faults": faults or []}).encode()


async def answer(send: Send, status: int, said: str = "", faults: list[dict[str, str]] | None = None) -> None:
    """An answer with what goes with its status; 200 is success."""
    more = {503: [(b"retry-after", b"1")], 405: [(b"allow", b"POST")]}.get(status, [])
    await send_answer(send, status, SUCCESS if status == 200 else error(said, faults), [JSON, *more])


async def send_answer(send: Send, status: int, body: bytes, headers: Iterable[Header]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
