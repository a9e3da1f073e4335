"""Rows of a CSV file, each bad one by itself: an open quote spoils its own line and not the rest of the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from safar.events.imports.report import Refusal

MAX_LINE = 64 * 1024  # characters
MAX_LINES = 50  # of one row: longer ones have a quote that was never closed
DELIMITERS = (",", ";", "\t", "|")


class _TooLong(Exception):
    """A row took more lines than any row has."""


class Lines:
    """Physical lines with their numbers; lines can be given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._back: deque[tuple[int, str]] = deque()
        self._number = 0

    def next(self) -> tuple[int, str] | None:
        """(number, line). A line longer than MAX_LINE comes cut, with the rest left out."""
        if self._back:
            return self._back.popleft()
        line = self._text.readline(MAX_LINE + 1)
        if not line:
            return None
        self._number += 1
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith("\n"):
            rest = self._text.readline(MAX_LINE + 1)
        return self._number, line

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        self._back.extendleft(reversed(lines))


def sniff_delimiter(header: str) -> str:
    """The one that stands in the header most often, outside of quotes."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: (outside.count(delimiter), -DELIMITERS.index(delimiter)))


def read_records(lines: Lines, delimiter: str) -> Iterator[tuple[int, list[str]] | Refusal]:
    """(line it begins on, cells) of every row that is not empty, or why it is none."""
    while True:
        taken: list[tuple[int, str]] = []

        def feed(taken: list[tuple[int, str]] = taken) -> Iterator[str]:
            while (entry := lines.next()) is not None:
                taken.append(entry)
                if len(taken) > MAX_LINES or len(entry[1]) > MAX_LINE:
                    raise _TooLong
                yield entry[1]

        try:
            cells = next(csv.reader(feed(), delimiter=delimiter, strict=True), None)
        except (_TooLong, csv.Error) as error:
            first, rest = taken[0], taken[1:]
            lines.give_back(rest)
            yield Refusal(first[0], "", _why(error, first[1], len(taken)))
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield taken[0][0], cells


def _why(error: Exception, line: str, lines: int) -> str:
    if len(line) > MAX_LINE:
        return f"the line is longer than {MAX_LINE} characters"
    if lines > 1 or "unexpected end of data" in str(error):
        return "a quote is opened and not closed"
    return f"the quotes are wrong ({error})"
