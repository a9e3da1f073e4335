"""Keeping what mrml does not read, or does not write as it was, out of its way: Liquid, and letters without a shape. Pure.

Attributes inside of texts come out of mrml with letters such as the zero-width non-joiner spelt as ``\\u{200c}`` (0.2.4), and
hardly a Persian sentence is without it.
"""

from __future__ import annotations

import re
from secrets import token_hex

_SHAPELESS = (
    r"[\\\u00a0\u00ad\u0300-\u036f\u0610-\u061c\u064b-\u065f\u0670\u06d6-\u06ed\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    r"\ue000-\uf8ff\ufe00-\ufe0f\ufeff]+"
)
_TAKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|" + _SHAPELESS, re.DOTALL)


class Guard:
    """What was taken out, by number. In the text stand ASCII letters that nobody can have written, with the number between."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.start = f"q{token_hex(6)}n"
        self._put = re.compile(self.start + r"(\d+)z")

    def take(self, text: str) -> str:
        """The text with such pieces taken out."""

        def put(found: re.Match[str]) -> str:
            self.pieces.append(found[0])
            return f"{self.start}{len(self.pieces) - 1}z"

        return _TAKEN.sub(put, text)

    def begins_with_liquid(self, text: str) -> bool:
        found = self._put.match(text)
        return found is not None and self.pieces[int(found[1])].startswith("{")

    def give_back(self, text: str) -> str:
        """The text with what was taken put back."""
        return self._put.sub(lambda found: self.pieces[int(found[1])], text)
