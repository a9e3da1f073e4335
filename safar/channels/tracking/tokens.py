"""The signed token of a tracked link and of the pixel: which message, and which link in it. It never holds where the link leads."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

_FORM = struct.Struct(">BIHQQ")  # version, workspace, bucket, message, link
_VERSION = 1
_SIGNATURE = 16  # bytes, as of an unsubscribe link
_LENGTH = 52  # characters of every token

OPENED = 0  # link of the pixel
TRAP = 1  # link that no person sees: whoever follows it follows everything
_FIRST = 16  # numbers below are of our own use


@dataclass(frozen=True, slots=True)
class Tracked:
    """bucket, message_id: of the message. link_id: OPENED, TRAP, or the number of a link of the workspace."""

    workspace_id: int
    bucket: int
    message_id: int
    link_id: int


def number_of_link(url: str) -> int:
    """The number of an address, the same wherever it stands: 63 bits, above those of our own use."""
    return max(int.from_bytes(hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=8).digest()) >> 1, _FIRST)


def make_tracked(what: Tracked, secret: str) -> str:
    """52 characters that may stand in a URL."""
    body = _FORM.pack(_VERSION, what.workspace_id, what.bucket, what.message_id, what.link_id)
    return base64.urlsafe_b64encode(body + _sign(body, secret)).decode("ascii")


def read_tracked(token: str, secrets: Sequence[str]) -> Tracked | None:
    """What the token says; None where it was not made here. secrets: the present key first, and those of before."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        whole = base64.urlsafe_b64decode(token)
    except ValueError:
        return None
    body, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    if len(body) != _FORM.size or not any(hmac.compare_digest(signature, _sign(body, one)) for one in secrets):
        return None
    version, *rest = _FORM.unpack(body)
    return Tracked(*rest) if version == _VERSION else None


def _sign(body: bytes, secret: str) -> bytes:
    return hmac.digest(_key(secret), body, "sha256")[:_SIGNATURE]


@cache
def _key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"safar.tracked", hashlib.sha256).digest()
