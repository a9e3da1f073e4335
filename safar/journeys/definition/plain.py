"""Plain data: what JSON can say and PostgreSQL can keep. Everything else is refused before anybody looks at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from safar.lib.faults import Faults, said

MAX_DEPTH = 16
MAX_NODES = 50_000  # the largest map of the tests has 10,000
MAX_KEY = 500  # YAML looks 1,024 characters ahead for a key's colon
MAX_INTEGER = 10**18  # beyond every sum of money, and still a bigint

_UNKEPT = re.compile("\x00|[\ud800-\udfff]")  # jsonb refuses NUL and lone surrogates


def check_plain(data: Any, faults: Faults, depth: int = 0) -> None:
    """Adds a fault for each value that is no text, number, boolean, null, list or mapping with texts as keys.

    Refuses as well: NUL and lone surrogates, numbers that are not finite or too large, more than 16 levels, more than
    50,000 values. depth: levels that stand around ``data`` already.
    """
    _Walk(faults, depth).look(data, ())


class _Walk:
    """Places are only put together where there is a fault: most data has none."""

    def __init__(self, faults: Faults, depth: int) -> None:
        self._faults = faults
        self._room = MAX_DEPTH - depth
        self._left = MAX_NODES

    def look(self, data: Any, place: tuple[str | int, ...]) -> None:
        self._left -= 1
        if self._left <= 0:
            if self._left == 0:
                self._faults.add(said("more than %(max_nodes)s values", max_nodes=f"{MAX_NODES:,}"))
            return
        if isinstance(data, str):
            self._text(data, place)
        elif isinstance(data, (Mapping, list, tuple)):
            if len(place) >= self._room:
                self._add(place, f"more than {MAX_DEPTH} levels of nesting")
            elif isinstance(data, Mapping):
                self._mapping(data, place)
            else:
                for index, value in enumerate(data):
                    self.look(value, (*place, index))
        elif isinstance(data, (int, float)) and not isinstance(data, bool):
            self._number(data, place)
        elif data is not None and not isinstance(data, bool):
            self._add(place, f"a {type(data).__name__} cannot be kept; write it as text")

    def _mapping(self, data: Mapping[Any, Any], place: tuple[str | int, ...]) -> None:
        for key, value in data.items():
            if not isinstance(key, str):
                self._add(place, f"a key must be text, not {key!r:.40}")
            elif len(key) > MAX_KEY:
                self._add(place, f"a key must not be longer than {MAX_KEY} characters, as '{key[:20]}…' is")
            else:
                self._text(key, place)
                self.look(value, (*place, key))

    def _text(self, text: str, place: tuple[str | int, ...]) -> None:
        if bad := _UNKEPT.search(text):
            self._add(place, f"the character U+{ord(bad[0]):04X} cannot stand in a text")

    def _number(self, number: float, place: tuple[str | int, ...]) -> None:
        if isinstance(number, float) and not abs(number) <= 1e300:
            self._add(place, "the number is too large or no number at all")
        elif isinstance(number, int) and abs(number) > MAX_INTEGER:
            self._add(place, "the number is too large")

    def _add(self, place: tuple[str | int, ...], message: str) -> None:
        self._faults.at(*place).add(message)


def copy_plain(data: Any) -> Any:
    """A copy in dicts and lists of its own, so that nobody can change it from outside. data: as checked."""
    if isinstance(data, Mapping):
        return {key: copy_plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [copy_plain(value) for value in data]
    return data
