"""A pattern as a tree: what pattern_syntax.py reads and patterns.py writes."""

from __future__ import annotations

from dataclasses import dataclass

from safar.segments.pattern_classes import Ranges


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
