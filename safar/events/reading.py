"""JSON from outside, read so that everything PostgreSQL or we could choke on is refused here, with its place.

One walk over what was decoded sees to lengths, depth and numbers. Doubled keys need no slower parser: written again,
what was decoded has a colon for each member that is left, so a body with more colons has hidden some.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Any

import msgspec

from safar.lib.faults import Fault, Faults, Refused

MAX_DEPTH = 16
MAX_KEY = 128  # characters
MAX_TEXT = 8 * 1024  # bytes of UTF-8
MAX_WHOLE = int(sys.float_info.max)  # as far as a number with a point may go

SURELY_SHORT = MAX_TEXT // 4  # characters: no text of that length is too long in UTF-8

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_ESCAPED = re.compile(rb"\\u00(?:00|3[aA])")  # a NUL; a colon that the text does not show


class _Suspicious(Exception):
    """Something is wrong somewhere: look again, slowly."""


def read_json(data: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """What a JSON text says: dict, list, str, int, float, bool, None. max_depth: of objects and lists in each other.

    Raises Refused with every fault and its place.
    """
    try:
        value = _decode(data)
    except RecursionError:
        raise Refused([Fault("", f"is nested deeper than {max_depth}")]) from None
    except UnicodeDecodeError:
        raise Refused([Fault("", "is not UTF-8")]) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise Refused([Fault("", str(error))]) from None
    try:
        _walk(value, max_depth)
        colons = _encode(value).count(b":")
        if colons == data.count(b":") and not (b"\\u00" in data and _ESCAPED.search(data)):
            return value
    except _Suspicious:
        pass
    faults = Faults()
    check_value(value, faults, max_depth=max_depth)
    _find_doubled(json.loads(data, object_pairs_hook=_Members), faults)
    if faults:
        raise Refused(faults)
    return value


def check_value(value: Any, faults: Faults, *, max_depth: int = MAX_DEPTH, depth: int = 0) -> None:
    """The same rules for a value that did not come as text: adds every fault with its place."""
    if isinstance(value, str):
        _check_text(value, faults)
    elif isinstance(value, dict | list):
        if depth >= max_depth:
            faults.add(f"is nested deeper than {max_depth}")
            return
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(value, dict) and not _check_key(name, faults):
                continue
            check_value(member, faults.at(name), max_depth=max_depth, depth=depth + 1)
    elif isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            faults.add("is not a finite number")
    elif isinstance(value, int):
        if not -MAX_WHOLE <= value <= MAX_WHOLE:
            faults.add("is a number out of range")
    elif value is not None:
        faults.add(f"is a {type(value).__name__}, which JSON does not have")


def _check_text(value: str, faults: Faults) -> None:
    if "\0" in value:
        faults.add("has a NUL character in it")
    try:
        if len(value.encode()) > MAX_TEXT:
            faults.add(f"is longer than {MAX_TEXT} bytes")
    except UnicodeEncodeError:
        faults.add("has half of a surrogate pair in it")


def _check_key(key: Any, faults: Faults) -> bool:
    if not isinstance(key, str):
        faults.add("has a key that is no text")
        return False
    inner = Faults()
    _check_text(key, inner)
    if len(key) > MAX_KEY:
        faults.add(f"has a key longer than {MAX_KEY} characters: {key[:20]!a}…")
    elif inner:
        faults.add(f"has a key that {inner.found[0].message}: {key[:20]!a}")
    else:
        return True
    return False


def _walk(value: Any, depth: int) -> None:
    """Raises _Suspicious where a rule is broken, but for doubled keys. depth: of containers still allowed."""
    if depth <= 0 and type(value) in (dict, list):
        raise _Suspicious
    if type(value) is dict:
        if value and max(map(len, value)) > MAX_KEY:
            raise _Suspicious
        members: Iterable[Any] = value.values()
    else:
        members = value if type(value) is list else (value,)
    for member in members:
        kind = type(member)
        if kind is str:
            if len(member) > SURELY_SHORT and len(member.encode()) > MAX_TEXT:
                raise _Suspicious
        elif kind is dict or kind is list:
            _walk(member, depth - 1)
        elif kind is int and not -MAX_WHOLE <= member <= MAX_WHOLE:
            raise _Suspicious


class _Members(list[tuple[str, Any]]):
    """An object with all its members, doubled ones as well."""


def _find_doubled(value: Any, faults: Faults) -> None:
    if isinstance(value, _Members):
        seen = set()
        for key, member in value:
            if key in seen:
                faults.at(key).add("is there twice")
            seen.add(key)
            _find_doubled(member, faults.at(key))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            _find_doubled(member, faults.at(number))
