"""The map as text, from top to bottom, for the terminal.

    ● signed_up · signed up for e-mail  12
    → greet
    ● tagged · got the tag “new-customer”  3
    → greet

    greet · Send an e-mail · sends “welcome-1”  entered 15
    │
    bought · Wait · waits for Order Completed, at most 7 days
    ├─ happened  5
    │  thanks · Send an e-mail · sends “thanks”
    │  ╵
    └─ timed_out  10
       …

A line is a list of (text, style); ``str`` joins it. Styles are words (key, kind, path, line, number), not colours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from safar.journeys.definition.describe import start_summary
from safar.journeys.definition.layout import ROOT, Layout, lay_out
from safar.journeys.definition.model import Definition, Point, Start
from safar.journeys.words import choose, digits

FIGURES = {
    "entered": ("entered", "ورود"),
    "standing": ("standing", "ایستاده"),
    "left": ("left", "خروج"),
    "set_aside": ("set aside", "کنار گذاشته"),
    "moved_out": ("moved out", "جابه‌جاشده"),
    "finished": ("finished", "پایان"),
    "sent": ("sent", "فرستاده"),
}
Figures = Mapping[str, Mapping[str, Any]]  # point or starting point → name of a figure → number
Flows = Mapping[tuple[str, str], Any]  # (point or starting point, path) → number

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ISOLATE, _END_ISOLATE, _LEFT_TO_RIGHT = "\u2068", "\u2069", "\u200e"


@dataclass(frozen=True)
class Line:
    """One line of the drawing. parts: (text, style), style "" for plain text."""

    parts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.parts).rstrip()


def draw_map(
    definition: Definition,
    language: str = "en",
    *,
    figures: Figures | None = None,
    flows: Flows | None = None,
    width: int = 100,
) -> list[str]:
    """The map as plain lines. width: columns after which a summary is cut; figures are never cut."""
    return [str(line) for line in draw_lines(definition, language, figures=figures, flows=flows, width=width)]


def draw_lines(
    definition: Definition,
    language: str = "en",
    *,
    figures: Figures | None = None,
    flows: Flows | None = None,
    width: int = 100,
) -> list[Line]:
    """The map as lines with styles; see ``draw_map``."""
    pen = _Pen(definition, language, figures or {}, flows or {}, width, lay_out(definition))
    for start in definition.starts:
        pen.start(start)
    for key in pen.layout.below.get(ROOT, ()):
        pen.line()
        pen.chain(key, "")
    return pen.lines


@dataclass
class _Pen:
    definition: Definition
    language: str
    figures: Figures
    flows: Flows
    width: int
    layout: Layout
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.points = {point.key: point for point in self.definition.points}

    def line(self, prefix: str = "", *parts: tuple[str, str]) -> None:
        """Adds a line. Right-to-left text is set apart, and a mark leads, so that it does not turn the line around."""
        mixed = any(_RIGHT_TO_LEFT.search(text) for text, _ in parts)
        lead = (_LEFT_TO_RIGHT if mixed else "") + prefix
        shown = tuple((_set_apart(text), style) for text, style in parts)
        self.lines.append(Line(((lead, "line"), *shown) if lead else shown))

    def start(self, start: Start) -> None:
        self.head("", [("● ", "line"), (start.key, "key")], start_summary(start, self.language), start.key)
        self.follow((start.key, "next"), start.next, "", alone=True)

    def chain(self, key: str, prefix: str) -> None:
        """A point, what follows it under its paths, and below it the points in which they meet."""
        point = self.points[key]
        kind = choose(self.language, point.kind.label["en"], point.kind.label["fa"])
        self.head(prefix, [(key, "key"), (" · ", "line"), (kind, "kind")], point.summary(self.language), key)
        if len(point.paths) == 1:
            path, target = next(iter(point.paths.items()))
            self.follow((key, path), target, prefix, alone=True)
        else:
            self.fork(point, prefix)
        for meeting in self.layout.below.get(key, ()):
            self.line(prefix)
            self.chain(meeting, prefix)

    def fork(self, point: Point, prefix: str) -> None:
        for number, (path, target) in enumerate(point.paths.items(), start=1):
            last = number == len(point.paths)
            way = [("└─ " if last else "├─ ", "line"), (path, "path")]
            drawn = (point.key, path) in self.layout.under
            if not drawn:
                way.append((self.leads(target), "line"))
            self.line(prefix, *way, *self.flow(point.key, path))
            if drawn:
                self.follow((point.key, path), target, prefix + ("   " if last else "│  "), alone=False)

    def follow(self, way: tuple[str, str], target: str | None, prefix: str, *, alone: bool) -> None:
        """The point behind a path. alone: its point's only path, which has no line of its own yet."""
        drawn = self.layout.under.get(way)
        if alone:
            flow = self.flow(*way)
            if drawn is None:
                self.line(prefix, (self.leads(target).strip() or "╵", "line"), *flow)
            else:
                self.line(prefix, ("│", "line"), *flow)
        if drawn is not None:
            self.chain(drawn, prefix)

    def leads(self, target: str | None) -> str:
        return f" → {target}" if target else " ╵"

    def head(self, prefix: str, parts: list[tuple[str, str]], summary: str, key: str) -> None:
        room = self.width - width_of(prefix) - sum(width_of(text) for text, _ in parts) - 3
        self.line(prefix, *parts, (" · ", "line"), (cut(summary, max(room, 20)), ""), *self.numbers(key))

    def numbers(self, key: str) -> list[tuple[str, str]]:
        """The figures of a point, two blanks before each."""
        found = []
        for name, number in self.figures.get(key, {}).items():
            word = choose(self.language, *FIGURES.get(name, (name, name)))
            found += [("  ", ""), (f"{word} {digits(number, self.language)}", "number")]
        return found

    def flow(self, key: str, path: str) -> list[tuple[str, str]]:
        number = self.flows.get((key, path))
        return [] if number is None else [("  ", ""), (digits(number, self.language), "number")]


def _set_apart(text: str) -> str:
    return f"{_ISOLATE}{text}{_END_ISOLATE}" if _RIGHT_TO_LEFT.search(text) else text


def width_of(text: str) -> int:
    """Columns that a text takes on a terminal: marks and joiners none, wide letters two."""
    return sum(_column(letter) for letter in text)


def cut(text: str, width: int) -> str:
    """The text on one line within so many columns; "…" stands for what was cut."""
    text = " ".join(text.split())
    if width_of(text) <= width:
        return text
    room, kept = width - 1, ""
    for letter in text:
        room -= _column(letter)
        if room < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def _column(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Cc", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
