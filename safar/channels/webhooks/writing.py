"""What a webhook says: body and headers from the point's words, and the signature over them. Pure.

Texts in body and headers may be Liquid. All of them are rendered in one go, like one message, and put back where they stood; JSON is written
afterwards, so that no value can break out of its place.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

LARGEST_BODY = 64_000  # bytes
LONGEST_HEADER = 1_000
MOST_HEADERS = 20
NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
OURS = frozenset(
    (
        *(
            "host",
            "content-length",
            "content-type",
            "connection",
            "transfer-encoding",
            "upgrade",
            "te",
            "trailer",
            "expect",
        ),
        *("user-agent", "idempotency-key", "accept-encoding"),
    )
)
PREFIX = "safar-"


class Template:
    """The texts of a body and its headers, on their way through a renderer that knows one text."""

    def __init__(self, body: Any, headers: Mapping[str, str]) -> None:
        self.body, self.headers = body, headers
        self._between = f"\n{secrets.token_hex(16)}\n"  # nobody can write it into a value

    @property
    def text(self) -> str:
        return self._between.join([*_texts(self.body), *self.headers.values()])

    def filled(self, rendered: str) -> tuple[str, dict[str, str]]:
        """(body, headers). Raises ValueError where they are too large."""
        parts = iter(rendered.split(self._between))
        body = json.dumps(_put_back(self.body, parts), ensure_ascii=False)
        if len(body.encode()) > LARGEST_BODY:
            raise ValueError(f"the body has more than {LARGEST_BODY:,} bytes")
        return body, {name: _one_line(next(parts)) for name in self.headers}


def plain_body(data: Mapping[str, Any], row_id: str, event: Mapping[str, Any] | None = None) -> str:
    """What is sent where the point says nothing else; of an event what a listener is told. Raises ValueError where it is too large."""
    said: dict[str, Any] = {"id": row_id, "contact": data["contact"]}
    if event is not None:
        said |= event
    else:
        said |= {"journey": data["journey"]["key"], "point": data["journey"]["point"], "entry": data["entry"]}
    body = json.dumps(said, ensure_ascii=False, default=str)
    if len(body.encode()) > LARGEST_BODY:
        raise ValueError(f"the body has more than {LARGEST_BODY:,} bytes")
    return body


def signed(body: bytes, *, id: str, at: datetime, secrets: Sequence[str]) -> dict[str, str]:
    """The headers that every call bears. A signature for each secret that lives: HMAC-SHA256 over ``<t>.<body>`` in hex."""
    stamp = str(int(at.timestamp()))
    found = {"Content-Type": "application/json", "Safar-Delivery": id, "Idempotency-Key": id}
    marks = [hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest() for secret in secrets]
    if marks:
        found["Safar-Signature"] = ",".join([f"t={stamp}", *(f"v1={mark}" for mark in marks)])
    return found


def is_ours(name: str) -> bool:
    """Whether a header is not the point's to set."""
    return name.lower() in OURS or name.lower().startswith(PREFIX)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _put_back(value: Any, parts: Iterator[str]) -> Any:
    if isinstance(value, str):
        return next(parts)
    if isinstance(value, Mapping):
        return {name: _put_back(each, parts) for name, each in value.items()}
    return [_put_back(each, parts) for each in value] if isinstance(value, list) else value


def _one_line(value: str) -> str:
    """What a header can hold: Latin letters on one line."""
    line = " ".join(value.split())[:LONGEST_HEADER]
    return line.encode("ascii", "replace").decode()
