"""HTML of messages: the wrapper around it, and the text part made from it."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

DIRECTIONS = {"fa": "rtl"}  # all others left to right
UNSUBSCRIBE = {"fa": "لغو اشتراک", "en": "Unsubscribe"}
PREFERENCES = {"fa": "تنظیم پیام‌ها", "en": "Preferences"}
_HTML_TAG = re.compile(r"<html\b([^>]*)>", re.IGNORECASE)
_BODY_START = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "div",
        "dl",
        "dt",
        "dd",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset(("style", "script", "head", "title", "template"))


def direction_of(language: str) -> str:
    """rtl or ltr."""
    return DIRECTIONS.get(language, "ltr")


def wrap(
    body: str, *, language: str, subject: str, unsubscribe_url: str | None, preferences_url: str | None = None
) -> str:
    """A whole document with language and direction on its outermost element.

    A body that is a document already keeps its own attributes and gets those it lacks. unsubscribe_url, preferences_url: added at
    the end where the body has no such link.
    """
    links = [
        f'<a href="{escape(url)}">{words.get(language, words["en"])}</a>'
        for url, words in ((unsubscribe_url, UNSUBSCRIBE), (preferences_url, PREFERENCES))
        if url and escape(url) not in body and url not in body
    ]
    footer = f'<p style="font-size:12px;color:#666">{" · ".join(links)}</p>' if links else ""
    direction = direction_of(language)
    found = _HTML_TAG.search(body)
    if found is None:
        return (
            f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction}">\n<head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width">\n<title>{escape(subject)}</title></head>\n'
            f'<body dir="{direction}">\n{body}\n{footer}</body>\n</html>\n'
        )
    attributes = found[1]
    if not re.search(r"\bdir\s*=", attributes, re.IGNORECASE):
        attributes += f' dir="{direction}"'
    if not re.search(r"\blang\s*=", attributes, re.IGNORECASE):
        attributes += f' lang="{escape(language)}"'
    body = f"{body[: found.start()]}<html{attributes}>{body[found.end() :]}"
    ends = list(_BODY_END.finditer(body))
    at = ends[-1].start() if ends else len(body)
    return f"{body[:at]}{footer}{body[at:]}"


def put_preheader(document: str, preheader: str) -> str:
    """The document with the words that inboxes show beside the subject, unseen at its head. preheader: plain text."""
    words = escape(" ".join(preheader.split()))
    found = _BODY_START.search(document)
    if not words or found is None:
        return document
    unseen = f'<div style="display:none;max-height:0;overflow:hidden">{words}</div>'
    return f"{document[: found.end()]}{unseen}{document[found.end() :]}"


def to_text(html: str) -> str:
    """The text part: paragraphs as lines, links as ``words (address)``, nothing of styles and scripts."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag in ("p", "h1", "h2", "h3", "h4") else "\n")
        elif tag == "img" and not self.unseen:
            self.parts.append(dict(attrs).get("alt") or "")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag == "a" and self.links:
            href, start = self.links.pop()
            words = "".join(self.parts[start:]).strip()
            if (
                href.startswith(("http:", "https:", "mailto:", "tel:"))
                and href.removeprefix("mailto:").removeprefix("tel:") != words
            ):
                self.parts.append(f" ({href})" if words else href)
        elif tag in _BLOCKS and tag != "li":
            self.parts.append("\n")
        elif tag == "td":
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data.replace("\n", " ").replace("\r", " "))
