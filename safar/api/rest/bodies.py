"""What is sent to the API: JSON read as strictly as ingestion reads it, definitions as YAML or JSON, both within bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from safar.api.rest.problems import Problem
from safar.events.reading import read_json
from safar.journeys.definition.yaml12 import load_yaml
from safar.lib.faults import Fault, Refused

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MAX_BODY = 512 * 1024  # bytes


class StrictParser(Parser):
    """Doubled keys, NUL, NaN, halves of surrogate pairs and deep nesting are refused with their place."""

    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(raw(request))


def raw(request: HttpRequest) -> bytes:
    """The body as it came. Raises Problem 413 beyond MAX_BODY, 415 where it is packed."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Problem(415, "send the body unpacked")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > MAX_BODY:
        raise Problem(413, f"the body is larger than {MAX_BODY} bytes")
    body = request.body
    if len(body) > MAX_BODY:
        raise Problem(413, f"the body is larger than {MAX_BODY} bytes")
    return body


def written(request: HttpRequest) -> dict[str, Any]:
    """A mapping that somebody wrote as YAML or JSON. Raises Refused with places and lines; Problem as ``raw``."""
    data = load_yaml(raw(request)).data
    if not isinstance(data, Mapping):
        raise Refused([Fault("", "a mapping is needed here, in YAML or JSON")])
    return dict(data)


def check_key(key: str) -> None:
    """Raises Refused for what cannot be the key of a new segment or template."""
    if not KEY.fullmatch(key):
        raise Refused([Fault("key", f"{key[:80]!r} is no key: Latin letters, digits, - _ and ., 64 at most")])


def body_of(description: str, example: Any, *, yaml: str = "") -> dict[str, Any]:
    """``openapi_extra`` of a view that reads its body by itself. yaml: an example of the same in YAML."""
    shape: dict[str, Any] = {"type": "object", "description": description}
    content: dict[str, Any] = {"application/json": {"schema": shape, "example": example}}
    if yaml:
        content["application/yaml"] = {"schema": {"type": "string"}, "example": yaml}
    return {"requestBody": {"required": True, "description": description, "content": content}}
