"""The few marks of a text block: **bold**, *italic*, [words](address), lines that begin with "- ". Pure.

What is written is text: everything else is escaped. Liquid in it is under guard (guard.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

_LINK = re.compile(r"\[([^\[\]\n]+)\]\(([^()\s]+)\)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![*\w])")
_ITEM = re.compile(r"[-•] +(.*)")
ALLOWED = ("https://", "http://", "mailto:", "tel:")


def to_html(text: str, *, direction: str, allowed: Callable[[str], bool], link: str = "") -> str:
    """Paragraphs and lists, each with its direction. allowed: which addresses become links; link: the style of one."""
    pieces: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.split("\n")
        while lines:
            items = _leading_items(lines)
            if items:
                lines = lines[len(items) :]
                inner = "".join(f"<li>{inline(item, allowed=allowed, link=link)}</li>" for item in items)
                side = "right" if direction == "rtl" else "left"
                style = f"margin:0 0 12px;padding:0;padding-{side}:24px"
                pieces.append(f'<ul dir="{direction}" style="{style}">{inner}</ul>')
                continue
            plain = []
            while lines and not _ITEM.match(lines[0].strip()):
                plain.append(inline(lines.pop(0), allowed=allowed, link=link))
            if any(one.strip() for one in plain):
                pieces.append(f'<p dir="{direction}" style="margin:0 0 12px">{"<br />".join(plain)}</p>')
    return "".join(pieces)


def inline(text: str, *, allowed: Callable[[str], bool], link: str = "") -> str:
    """One line: bold, italic, links. What is not allowed as an address stays text."""
    done, last = [], 0
    for found in _LINK.finditer(text):
        done.append(_marks(text[last : found.start()]))
        words, address = found[1], found[2]
        if allowed(address):
            style = f' style="{escape(link)}"' if link else ""
            done.append(f'<a href="{escape(address)}"{style}>{_marks(words)}</a>')
        else:
            done.append(_marks(found[0]))
        last = found.end()
    done.append(_marks(text[last:]))
    return "".join(done)


def _marks(text: str) -> str:
    text = escape(text, quote=False)
    text = _BOLD.sub(r"<b>\1</b>", text)
    return _ITALIC.sub(r"<i>\1</i>", text)


def _leading_items(lines: list[str]) -> list[str]:
    items = []
    for line in lines:
        found = _ITEM.match(line.strip())
        if found is None:
            break
        items.append(found[1])
    return items
