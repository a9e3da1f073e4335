"""Plain data: what JSON can say and PostgreSQL can keep. Everything else is refused before anybody looks at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from safar.lib.faults import Faults

MAX_DEPTH = 16
MAX_NODES = 200_000
MAX_KEY = 500  # YAML looks 1,024 characters ahead for a key's colon
MAX_INTEGER = 10**18  # beyond every sum of money, and still a bigint

_UNKEPT = re.compile("\x00|[\ud800-\udfff]")  # jsonb refuses NUL and lone surrogates


def check_plain(data: Any, faults: Faults, depth: int = 0) -> None:
    """Adds a fault for each value that is no text, number, boolean, null, list or mapping with texts as keys.

    Refuses as well: NUL and lone surrogates, numbers that are not finite or too large, more than 16 levels, more than
    200,000 values. depth: levels that stand around ``data`` already.
    """
    _walk(data, faults, depth, [MAX_NODES])


def _walk(data: Any, faults: Faults, depth: int, left: list[int]) -> None:
    left[0] -= 1
    if left[0] <= 0:
        if left[0] == 0:
            faults.add(f"more than {MAX_NODES} values")
        return
    if isinstance(data, str):
        _text(data, faults)
    elif data is None or isinstance(data, bool):
        return
    elif isinstance(data, (int, float)):
        _number(data, faults)
    elif isinstance(data, (Mapping, list, tuple)):
        if depth >= MAX_DEPTH:
            faults.add(f"more than {MAX_DEPTH} levels of nesting")
            return
        if isinstance(data, Mapping):
            for key, value in data.items():
                if isinstance(key, str):
                    _text(key, faults)
                    if len(key) > MAX_KEY:
                        faults.add(f"a key must not be longer than {MAX_KEY} characters, as '{key[:20]}…' is")
                        continue
                    _walk(value, faults.at(key), depth + 1, left)
                else:
                    faults.add(f"a key must be text, not {key!r:.40}")
        else:
            for index, value in enumerate(data):
                _walk(value, faults.at(index), depth + 1, left)
    else:
        faults.add(f"a {type(data).__name__} cannot be kept; write it as text")


def _text(text: str, faults: Faults) -> None:
    if bad := _UNKEPT.search(text):
        faults.add(f"the character U+{ord(bad[0]):04X} cannot stand in a text")


def _number(number: float, faults: Faults) -> None:
    if isinstance(number, float) and not abs(number) <= 1e300:
        faults.add("the number is too large or no number at all")
    elif isinstance(number, int) and abs(number) > MAX_INTEGER:
        faults.add("the number is too large")


def copy_plain(data: Any) -> Any:
    """A copy in dicts and lists of its own, so that nobody can change it from outside. data: as checked."""
    if isinstance(data, Mapping):
        return {key: copy_plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [copy_plain(value) for value in data]
    return data
