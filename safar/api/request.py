"""A request as far as HTTP goes: its headers, its body within bounds, its key."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MAX_BODY = 512 * 1024  # bytes, packed and unpacked
TYPES = ("application/json", "text/plain")  # browsers send text/plain, which needs no question beforehand


class Refusal(Exception):
    """An answer other than 200. faults: as JSON, {"place", "message"} each."""

    def __init__(self, status: int, error: str, faults: list[dict[str, str]] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.faults = faults or []


class Gone(Exception):
    """The client went away before its request was whole."""


def check_headers(headers: dict[bytes, bytes]) -> bool:
    """Whether the body is gzip. Raises Refusal for what we cannot read, or what says itself that it is too long."""
    kind = headers.get(b"content-type", b"").decode("latin-1").lower()
    name, _, parameters = kind.partition(";")
    if name.strip() and name.strip() not in TYPES and not name.strip().endswith("+json"):
        raise Refusal(415, "send JSON, with Content-Type: application/json")
    if "charset" in parameters and "utf-8" not in parameters and "utf8" not in parameters:
        raise Refusal(415, "send JSON as UTF-8")
    encoding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise Refusal(415, "the only Content-Encoding is gzip")
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > MAX_BODY:
        raise Refusal(413, f"the body is larger than {MAX_BODY} bytes")
    return encoding == "gzip"


async def read_body(receive: Receive, gzip: bool, most: int = MAX_BODY) -> bytes:
    """The body, unpacked. most: bytes. Raises Refusal 413 as soon as it is too long, 400 where it is no gzip; Gone."""
    event = await receive()
    if event["type"] == "http.disconnect":
        raise Gone
    data: bytes = event.get("body", b"")
    if event.get("more_body"):
        parts = [data]
        length = len(data)
        while event.get("more_body"):
            event = await receive()
            if event["type"] == "http.disconnect":
                raise Gone
            parts.append(event.get("body", b""))
            length += len(parts[-1])
            if length > most:
                raise Refusal(413, f"the body is larger than {most} bytes")
        data = b"".join(parts)
    return _unpack(data) if gzip else data


def _unpack(data: bytes) -> bytes:
    """Unpack gzip, also of several members; never more than MAX_BODY bytes, whatever they say of themselves."""
    out = b""
    try:
        while data:
            member = zlib.decompressobj(wbits=31)
            out += member.decompress(data, MAX_BODY + 1 - len(out))
            if len(out) > MAX_BODY:
                raise Refusal(413, f"the body is larger than {MAX_BODY} bytes")
            if not member.eof:
                raise Refusal(400, "the gzip body is cut off")
            data = member.unused_data
    except zlib.error:
        raise Refusal(400, "the body is not gzip, as Content-Encoding says") from None
    return out


def basic_user(headers: dict[bytes, bytes]) -> str | None:
    """The user name of Basic authentication, which is where clients put their key. None without such a header."""
    scheme, _, code = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        return base64.b64decode(code.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def as_dict(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers by their small-letter names; of several the last."""
    return dict(headers)
