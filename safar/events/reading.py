"""JSON from outside, read so that everything PostgreSQL or we could choke on is refused here, with its place.

The decoder sees to lengths, depth and numbers. Doubled keys need no slower parser: written again,
what was decoded has a colon for each member that is left, so a body with more colons has hidden some.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, NewType, cast

import msgspec

from safar.lib.faults import Fault, Faults, Refused, said

MAX_DEPTH = 16
MAX_KEY = 128  # characters
MAX_TEXT = 8 * 1024  # bytes of UTF-8
MAX_WHOLE = int(sys.float_info.max)  # as far as a number with a point may go

SURELY_SHORT = MAX_TEXT // 4  # characters: no text of that length is too long in UTF-8
SURELY_FLAT = 10  # levels: hardly anything is nested deeper, and the decoder's types double with each

# The same rules as types, so that the decoder checks them while it reads: a third of the time of a walk afterwards. What does not fit
# may still be right (a long text in few bytes, a huge number), so it is looked at slowly.
_Text = Annotated[str, msgspec.Meta(max_length=SURELY_SHORT)]
_Key = Annotated[str, msgspec.Meta(max_length=MAX_KEY)]
_Whole = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_ESCAPED = re.compile(rb"\\u00(?:00|3[aA])")  # a NUL; a colon that the text does not show


@cache
def _fitting(depth: int) -> Callable[[bytes], Any]:
    """Decodes what surely keeps the rules; depth: of objects and lists in each other. Raises msgspec.DecodeError otherwise."""
    scalar: Any = _Text | _Whole | float | bool | None
    value: Any = scalar
    own = cast("Callable[[str, Any], Any]", NewType)
    for _ in range(depth):
        # A type of its own at each depth: a bare union would be hashed whole, twice the work with each step down.
        value = own("value", scalar | dict[_Key, value] | list[value])
    return msgspec.json.Decoder(value).decode


def read_json(data: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """What a JSON text says: dict, list, str, int, float, bool, None. max_depth: of objects and lists in each other.

    Raises Refused with every fault and its place.
    """
    try:
        value = _fitting(min(max_depth, SURELY_FLAT))(data)
        if _encode(value).count(b":") == data.count(b":") and not (b"\\u00" in data and _ESCAPED.search(data)):
            return value
    except (msgspec.DecodeError, ValueError, RecursionError):
        pass
    try:
        value = _decode(data)
    except RecursionError:
        raise Refused([Fault("", said("is nested deeper than %(max_depth)s", max_depth=max_depth))]) from None
    except UnicodeDecodeError:
        raise Refused([Fault("", said("is not UTF-8"))]) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise Refused([Fault("", str(error))]) from None
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
            faults.add(said("is nested deeper than %(max_depth)s", max_depth=max_depth))
            return
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(value, dict) and not _check_key(name, faults):
                continue
            check_value(member, faults.at(name), max_depth=max_depth, depth=depth + 1)
    elif isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            faults.add(said("is not a finite number"))
    elif isinstance(value, int):
        if not -MAX_WHOLE <= value <= MAX_WHOLE:
            faults.add(said("is a number out of range"))
    elif value is not None:
        faults.add(said("is a %(name)s, which JSON does not have", name=type(value).__name__))


def _check_text(value: str, faults: Faults) -> None:
    if "\0" in value:
        faults.add(said("has a NUL character in it"))
    try:
        if len(value.encode()) > MAX_TEXT:
            faults.add(said("is longer than %(max_text)s bytes", max_text=MAX_TEXT))
    except UnicodeEncodeError:
        faults.add(said("has half of a surrogate pair in it"))


def _check_key(key: Any, faults: Faults) -> bool:
    if not isinstance(key, str):
        faults.add(said("has a key that is no text"))
        return False
    inner = Faults()
    _check_text(key, inner)
    if len(key) > MAX_KEY:
        faults.add(
            said("has a key longer than %(max_key)s characters: %(value)s…", max_key=MAX_KEY, value=ascii(key[:20]))
        )
    elif inner:
        faults.add(said("has a key that %(message)s: %(value)s", message=inner.found[0].message, value=ascii(key[:20])))
    else:
        return True
    return False


class _Members(list[tuple[str, Any]]):
    """An object with all its members, doubled ones as well."""


def _find_doubled(value: Any, faults: Faults) -> None:
    if isinstance(value, _Members):
        seen = set()
        for key, member in value:
            if key in seen:
                faults.at(key).add(said("is there twice"))
            seen.add(key)
            _find_doubled(member, faults.at(key))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            _find_doubled(member, faults.at(number))
