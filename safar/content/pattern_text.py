"""The text of a pattern, as the operator has approved it, with values in its places. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Where a value stands in the text: %token as Kavenegar writes it, #NAME# as SMS.ir, {0} as Melipayamak, {{1}} as Twilio.
_PLACE = re.compile(r"\{\{\s*(\w{1,32})\s*\}\}|\{(\w{1,32})\}|#(\w{1,32})#|%(\w{1,32})%?", re.ASCII)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text of a pattern with values in their places; a place without a value stays as it is written."""
    known = {name.lower(): value for name, value in values.items()}

    def put(found: re.Match[str]) -> str:
        name = next(filter(None, found.groups())).lower()
        return known.get(name, found[0])

    return _PLACE.sub(put, text)


def places(text: str) -> set[str]:
    """The names, in small letters, of what stands in the text."""
    return {next(filter(None, found.groups())).lower() for found in _PLACE.finditer(text)}
