"""The syntax of re2, read into a small tree. What re2 itself accepts has been checked before; this only has to understand it.

Character classes are not read here at all (pattern_classes.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from safar.lib.faults import said
from safar.segments.pattern_classes import HIGHEST, cases_of, matched_by
from safar.segments.pattern_tree import Chars, Choice, Node, Place, Repeat, Sequence

MOST_CLASSES = 30  # each may ask re2 about every code point: 40 ms


@dataclass(frozen=True)
class _Flags:
    any_case: bool = False  # i
    lines: bool = False  # m
    dot_all: bool = False  # s


_ESCAPED = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_PLACES = {"A": "text_begin", "z": "text_end", "b": "word_edge", "B": "no_word_edge"}
_OCTAL = "01234567"


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
            raise ValueError(said("this pattern has more than 50 groups inside one another"))
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
            raise ValueError(
                said("this pattern names more than %(most_classes)s kinds of characters", most_classes=MOST_CLASSES)
            )
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
            raise ValueError(said("\\C (one byte) has no counterpart; write . for one character"))
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
            raise ValueError(said("\\%(letter)s cannot be used in a pattern here", letter=letter))
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


def _letter(code: int, flags: _Flags) -> Node:
    if not flags.any_case or (code < 128 and not chr(code).isalpha()):
        return Chars(((code, code),)) if code else Chars(())
    return Chars(cases_of(code))


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit()
