"""re2 patterns as PostgreSQL's advanced regular expressions that match the same texts.

Patterns are searched, so only whether something matches counts: greed and groups do not. Everything that depends on a locale,
or on how PostgreSQL reads a shorthand, is written out as ranges of code points.
"""

from __future__ import annotations

import re2  # type: ignore[import-untyped]

from safar.lib.faults import said
from safar.segments.pattern_classes import HIGHEST, Ranges
from safar.segments.pattern_syntax import PatternReader
from safar.segments.pattern_tree import Chars, Choice, Node, Place, Repeat, Sequence

MOST_REPEATS = 255  # PostgreSQL's own bound
MOST_PLACES = 1000  # characters once repeats are written out; re2's bound on nested repeats is the same
MOST_LETTERS = 30_000  # of the translation: classes such as \pL become hundreds of ranges

_WORD = "[0-9A-Za-z\\u005f]"
_EDGE = f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_NO_EDGE = f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))"
# PostgreSQL gives up ("too complex") where a hundred of these stand among repeats; 40 are beyond anything people write.
_PLACE_SIZES = {"word_edge": 25, "no_word_edge": 25, "line_begin": 12, "line_end": 12}
_PLACES = {
    "text_begin": "\\A",
    "text_end": "\\Z",
    "line_begin": "(?:\\A|(?<=\\u000a))",
    "line_end": "(?:\\Z|(?=\\u000a))",
    "word_edge": _EDGE,
    "no_word_edge": _NO_EDGE,
}


def to_postgres(pattern: str) -> str:
    """The same pattern for PostgreSQL's ~ operator, case-sensitive, in a UTF8 database. ASCII letters, digits and escapes only.

    pattern: folded. ValueError, with words for people, where it is no re2 pattern or has no counterpart.
    """
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as fault:
        raise ValueError(said("this is no pattern: %(value)s", value=_words(fault))) from None
    tree = PatternReader(pattern).read()
    if _size(tree) > MOST_PLACES:
        raise ValueError(
            said(
                "this pattern is too large: its repeats amount to more than %(most_places)s characters",
                most_places=f"{MOST_PLACES:,}",
            )
        )
    written = _write(tree)
    if len(written) > MOST_LETTERS:
        raise ValueError(said("this pattern is too large: it names too many kinds of characters"))
    return written


def _write(node: Node) -> str:
    match node:
        case Chars(ranges):
            return _write_chars(ranges)
        case Place(name):
            return _PLACES[name]
        case Sequence(items):
            return "".join(f"(?:{_write(item)})" if isinstance(item, Choice) else _write(item) for item in items)
        case Choice(items):
            return "|".join(map(_write, items))
        case Repeat(item, least, most):
            return _write_repeat(item, least, most)


def _write_repeat(item: Node, least: int, most: int | None) -> str:
    if most == 0 or (least == 0 and _only_places(item)):
        return ""
    if _only_places(item):
        return _write(item)  # a place twice is the same place; PostgreSQL takes no quantifier behind one
    if most != 1 and _has_places(item) and _may_be_empty(item):
        # Such as (a|\b){9}: PostgreSQL's automaton for it grows beyond its bounds, and it says so only when it is used.
        raise ValueError(said("a repeat of what may be no more than a place (\\b, ^, $) has no counterpart"))
    if max(least, most or 0) > MOST_REPEATS:
        raise ValueError(said("a repeat of more than %(most_repeats)s has no counterpart", most_repeats=MOST_REPEATS))
    inner = _write(item) if isinstance(item, Chars) else f"(?:{_write(item)})"
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    bounds = f"{{{least}}}" if most == least else f"{{{least},{most or ''}}}"
    return inner + known.get((least, most), bounds)


def _only_places(node: Node) -> bool:
    """Whether it matches places between characters only."""
    match node:
        case Chars():
            return False
        case Place():
            return True
        case Sequence(items) | Choice(items):
            return all(map(_only_places, items))
        case Repeat(item, _, most):
            return most == 0 or _only_places(item)


def _has_places(node: Node) -> bool:
    match node:
        case Chars():
            return False
        case Place():
            return True
        case Sequence(items) | Choice(items):
            return any(map(_has_places, items))
        case Repeat(item):
            return _has_places(item)


def _may_be_empty(node: Node) -> bool:
    """Whether it can match without taking a character."""
    match node:
        case Chars():
            return False
        case Place():
            return True
        case Sequence(items):
            return all(map(_may_be_empty, items))
        case Choice(items):
            return any(map(_may_be_empty, items))
        case Repeat(item, least, _):
            return least == 0 or _may_be_empty(item)


def _size(node: Node) -> int:
    """Characters once repeats are written out."""
    match node:
        case Chars():
            return 1
        case Place(name):
            return _PLACE_SIZES.get(name, 1)
        case Sequence(items) | Choice(items):
            return sum(map(_size, items)) + 1
        case Repeat(item, least, most):
            times = max(1, least + 1 if most is None else most)
            # (x?){255} takes PostgreSQL a second to prepare, x{255} a millisecond.
            return _size(item) * times * (4 if times > 1 and _may_be_empty(item) else 1)


def _write_chars(ranges: Ranges) -> str:
    if not ranges:
        return "(?!)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _code(ranges[0][0])
    if ranges[-1][1] == HIGHEST:
        return _negated(ranges)
    return f"[{_write_ranges(ranges)}]"


def _negated(ranges: Ranges) -> str:
    """A class that goes on to the last code point is shorter said by what it leaves out."""
    left_out: list[tuple[int, int]] = []
    following = 1
    for first, last in ranges:
        if first > following:
            left_out.append((following, first - 1))
        following = last + 1
    return f"[^{_write_ranges(tuple(left_out))}]" if left_out else "."


def _write_ranges(ranges: Ranges) -> str:
    return "".join(_code(first) if first == last else f"{_code(first)}-{_code(last)}" for first, last in ranges)


def _code(code: int) -> str:
    letter = chr(code)
    if letter.isascii() and letter.isalnum():
        return letter
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _words(fault: Exception) -> str:
    reason = fault.args[0] if fault.args else fault
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
