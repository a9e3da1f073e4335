"""Which characters a class of re2 matches. Nobody reads classes here: re2 itself is asked about every code point.

So \\pL, [[:alpha:]], (?i) and ranges mean exactly what they mean there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import re2  # type: ignore[import-untyped]

HIGHEST = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]  # code points, both ends included, in order; never 0, which no text holds

_HEX = re.compile(r"\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))")


@lru_cache(maxsize=256)
def matched_by(source: str, any_case: bool) -> Ranges:
    """The code points that a class or an escape of re2 matches."""
    everything = any_case or "\\p" in source.lower()
    alphabet = _all_characters() if everything else _around(source)
    runs = re2.compile(f"{'(?i)' if any_case else ''}{source}+".encode()).findall(alphabet)
    found: list[tuple[int, int]] = []
    for run in runs:
        letters = run.decode()
        first, last = ord(letters[0]), ord(letters[-1])
        if found and found[-1][1] == 0xD7FF and first == 0xE000:
            first = found.pop()[0]  # the surrogates between them are in no text
        found.append((first, last))
    return tuple(found)


@cache
def _all_characters() -> bytes:
    return _encoded(range(1, HIGHEST + 1))


def _around(source: str) -> bytes:
    """Enough characters to tell what a class without \\p matches: it begins and ends at those it names, or within ASCII."""
    named = {ord(letter) for letter in source} | {int(long or short, 16) for long, short in _HEX.findall(source)}
    beside = {code + step for code in named for step in (-1, 0, 1)}
    return _encoded(sorted({*range(1, 520), 0xD7FF, 0xE000, HIGHEST, *beside}))


def _encoded(codes: Iterable[int]) -> bytes:
    return "".join(chr(code) for code in codes if 0 < code < 0xD800 or 0xE000 <= code <= HIGHEST).encode()


@lru_cache(maxsize=1024)
def cases_of(code: int) -> Ranges:
    """A letter in all its cases, as re2 has them (k is also the Kelvin sign)."""
    cases = re2.compile(f"(?i)\\x{{{code:x}}}".encode()).findall(_cased() + chr(code).encode())
    return tuple((c, c) for c in sorted({ord(letter.decode()) for letter in cases}))


@cache
def _cased() -> bytes:
    """Every character that has cases."""
    return _encoded(c for c in range(0x1F000) if not chr(c) == chr(c).lower() == chr(c).upper() == chr(c).casefold())
