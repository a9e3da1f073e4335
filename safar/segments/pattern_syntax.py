"""The syntax of re2, read into a small tree. What re2 itself accepts has been checked before; this only has to understand it.

Character classes are not read at all: re2 is asked which code points they match, so that \\pL, [[:alpha:]], (?i) and ranges mean
exactly what they mean there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import re2  # type: ignore[import-untyped]

HIGHEST = 0x10FFFF
MOST_CLASSES = 30  # each may ask re2 about every code point: 40 ms
Ranges = tuple[tuple[int, int], ...]  # code points, both ends included, in order; never 0, which no text holds


@dataclass(frozen=True)
class Chars:
    """One character out of some."""

    ranges: Ranges


@dataclass(frozen=True)
class Place:
    """A place between characters: text_begin, text_end, line_begin, line_end, word_edge, no_word_edge."""

    name: str


@dataclass(frozen=True)
class Sequence:
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    item: Node
    least: int
    most: int | None


Node = Chars | Place | Sequence | Choice | Repeat


@dataclass(frozen=True)
class _Flags:
    any_case: bool = False  # i
    lines: bool = False  # m
    dot_all: bool = False  # s


_ESCAPED = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_PLACES = {"A": "text_begin", "z": "text_end", "b": "word_edge", "B": "no_word_edge"}
_OCTAL = "01234567"
_HEX = re.compile(r"\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))")


class PatternReader:
    """Reads one pattern. ValueError, with words for people, for what PostgreSQL has no way to say."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.depth = 0
        self.classes: set[str] = set()

    def read(self) -> Node:
        """The whole pattern."""
        return self._choice(_Flags())

    def _next(self, expected: str) -> bool:
        if self.pattern.startswith(expected, self.at):
            self.at += len(expected)
            return True
        return False

    def _choice(self, flags: _Flags) -> Node:
        self.depth += 1
        if self.depth > 50:
            raise ValueError("this pattern has more than 50 groups inside one another")
        ways: list[Node] = []
        items: list[Node] = []
        while self.at < len(self.pattern) and self.pattern[self.at] != ")":
            if self._next("|"):
                ways.append(Sequence(tuple(items)))
                items = []
            elif self.pattern.startswith("(?", self.at) and (changed := self._flags_only(flags)) is not None:
                flags = changed
            elif self._next("\\Q"):
                items += self._quoted(flags)
            else:
                items.append(self._repeated(self._one(flags)))
        self.depth -= 1
        ways.append(Sequence(tuple(items)))
        return ways[0] if len(ways) == 1 else Choice(tuple(ways))

    def _one(self, flags: _Flags) -> Node:
        letter = self.pattern[self.at]
        if letter == "(":
            return self._group(flags)
        if letter == "[":
            return self._class(self._class_source(), flags.any_case)
        if letter == "\\":
            return self._escape(flags)
        self.at += 1
        if letter == ".":
            return Chars(((1, HIGHEST),) if flags.dot_all else ((1, 9), (11, HIGHEST)))
        if letter == "^":
            return Place("line_begin" if flags.lines else "text_begin")
        if letter == "$":
            return Place("line_end" if flags.lines else "text_end")
        return _letter(ord(letter), flags)

    def _group(self, flags: _Flags) -> Node:
        self.at += 1
        if self._next("?"):
            if self._next("P<") or self._next("<"):
                self.at = self.pattern.index(">", self.at) + 1
            else:
                flags = self._read_flags(flags)
                self.at += 1  # the colon
        inner = self._choice(flags)
        self.at += 1  # the closing parenthesis
        return inner

    def _flags_only(self, flags: _Flags) -> _Flags | None:
        """The flags of a (?i) that has no colon and no name; None, going nowhere, for a group."""
        start = self.at
        self.at += 2
        if self.pattern[self.at] not in "P<:":
            changed = self._read_flags(flags)
            if self._next(")"):
                return changed
        self.at = start
        return None

    def _read_flags(self, flags: _Flags) -> _Flags:
        on = True
        while self.pattern[self.at] not in ":)":
            letter = self.pattern[self.at]
            self.at += 1
            if letter == "-":
                on = False
            elif letter in "ims":
                flags = replace(flags, **{{"i": "any_case", "m": "lines", "s": "dot_all"}[letter]: on})
            # U turns greed around, which changes what is found but never whether something is.
        return flags

    def _quoted(self, flags: _Flags) -> list[Node]:
        end = self.pattern.find("\\E", self.at)
        text = self.pattern[self.at : end if end >= 0 else None]
        self.at = end + 2 if end >= 0 else len(self.pattern)
        letters: list[Node] = [_letter(ord(letter), flags) for letter in text]
        return [*letters[:-1], self._repeated(letters[-1])] if letters else []

    def _class(self, source: str, any_case: bool) -> Chars:
        self.classes.add(source)
        if len(self.classes) > MOST_CLASSES:
            raise ValueError(f"this pattern names more than {MOST_CLASSES} kinds of characters")
        return Chars(matched_by(source, any_case))

    def _class_source(self) -> str:
        """From [ to its ]: a ] that comes first is a letter, [:name:] and escapes are stepped over."""
        start = self.at
        self.at += 1
        self._next("^")
        self._next("]")
        while not self._next("]"):
            if self.pattern.startswith("[:", self.at) and (end := self.pattern.find(":]", self.at + 2)) >= 0:
                self.at = end + 2
            else:
                self.at += 2 if self.pattern[self.at] == "\\" else 1
        return self.pattern[start : self.at]

    def _escape(self, flags: _Flags) -> Node:
        start = self.at
        letter = self.pattern[start + 1]
        self.at += 2
        if letter in _PLACES:
            return Place(_PLACES[letter])
        if letter in "dDsSwW":
            return self._class(f"\\{letter}", flags.any_case)
        if letter in "pP":
            self.at = self.pattern.index("}", self.at) + 1 if self.pattern[self.at] == "{" else self.at + 1
            return self._class(self.pattern[start : self.at], flags.any_case)
        if letter == "C":
            raise ValueError("\\C (one byte) has no counterpart; write . for one character")
        if letter == "x":
            if self._next("{"):
                end = self.pattern.index("}", self.at)
                code = int(self.pattern[self.at : end], 16)
                self.at = end + 1
            else:
                code = int(self.pattern[self.at : self.at + 2], 16)
                self.at += 2
            return _letter(code, flags)
        if letter in _OCTAL:
            end = start + 2
            while end < min(start + 4, len(self.pattern)) and self.pattern[end] in _OCTAL:
                end += 1
            self.at = end
            return _letter(int(self.pattern[start + 1 : end], 8), flags)
        if letter in _ESCAPED:
            return _letter(_ESCAPED[letter], flags)
        if letter.isascii() and letter.isalnum():
            raise ValueError(f"\\{letter} cannot be used in a pattern here")
        return _letter(ord(letter), flags)

    def _repeated(self, item: Node) -> Node:
        while self.at < len(self.pattern):
            bounds = self._bounds()
            if bounds is None:
                break
            self._next("?")  # less greed changes what is found, never whether something is
            item = Repeat(item, *bounds)
        return item

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._next(sign):
                return bounds
        end = self.pattern.find("}", self.at) if self.pattern[self.at] == "{" else -1
        least, comma, most = self.pattern[self.at + 1 : end].partition(",")
        if end < 0 or not _number(least) or (most and not _number(most)):
            return None  # a brace by itself is a letter
        self.at = end + 1
        return int(least), (int(most) if most else None) if comma else int(least)


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
def _cases(code: int) -> Ranges:
    """A letter in all its cases, as re2 has them (k is also the Kelvin sign)."""
    cases = re2.compile(f"(?i)\\x{{{code:x}}}".encode()).findall(_cased() + chr(code).encode())
    return tuple((c, c) for c in sorted({ord(letter.decode()) for letter in cases}))


@cache
def _cased() -> bytes:
    """Every character that has cases."""
    return _encoded(c for c in range(0x1F000) if not chr(c) == chr(c).lower() == chr(c).upper() == chr(c).casefold())


def _letter(code: int, flags: _Flags) -> Node:
    if not flags.any_case or (code < 128 and not chr(code).isalpha()):
        return Chars(((code, code),)) if code else Chars(())
    return Chars(_cases(code))


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit()
