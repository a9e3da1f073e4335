"""A page read as its text: which words stand there, and in which direction they were put."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "use",
    "path",
}
SILENT = {
    "script",
    "style",
    "title",
    "option",
    "textarea",
    "template",
    "svg",
}  # not running text, or isolated by themselves


@dataclass(frozen=True)
class Piece:
    """Text between two tags. isolated: within bdi or an element with a direction of its own; ltr: that one is left to right."""

    text: str
    isolated: bool
    ltr: bool
    silent: bool


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, bool, bool, bool]] = [("", False, False, False)]
        self.pieces: list[Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        direction = given.get("dir") if tag != "html" else None
        _, isolated, ltr, silent = self.stack[-1]
        isolated = isolated or tag == "bdi" or direction is not None or "ltr" in classes
        ltr = ltr or direction == "ltr" or "ltr" in classes or tag in ("code", "pre")
        self.stack.append((tag, isolated, ltr, silent or tag in SILENT))

    def handle_endtag(self, tag: str) -> None:
        while len(self.stack) > 1:
            if self.stack.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if data.strip():
            _, isolated, ltr, silent = self.stack[-1]
            self.pieces.append(Piece(data.strip(), isolated, ltr, silent))


def read_page(page: str) -> list[Piece]:
    reader = _Reader()
    reader.feed(page)
    return [piece for piece in reader.pieces if not piece.silent]
