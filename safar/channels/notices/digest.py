"""What a digest says, in the language of its destination. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from safar.content import calendar
from safar.content.filters import PERSIAN_DIGITS
from safar.content.pool import Rendered

LONGEST_WHO = 60  # characters of a name: anybody may have said it
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "one": "{name}: 1 notice",
        "many": "{name}: {n} notices",
        "more": "and {n} more",
        "warning": "Warning",
        "all": "All notices",
    },
    "fa": {
        "one": "{name}: ۱ خبر",
        "many": "{name}: {n} خبر",
        "more": "و {n} خبر دیگر",
        "warning": "هشدار",
        "all": "همهٔ خبرها",
    },
}


@dataclass(frozen=True, slots=True)
class Item:
    """One notice that is told whole. link: the contact's page; empty for a warning."""

    texts: Mapping[str, str]
    at: datetime
    who: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """name: the workspace's; zone: of its clock; link: the page of all notices; longest: characters of one notice; links: beside each notice."""

    name: str
    language: str
    zone: str
    link: str
    longest: int
    links: bool


def write(items: Sequence[Item], more: int, frame: Frame) -> Rendered:
    """Subject, text and HTML."""
    words = WORDS[frame.language]
    count = len(items) + more
    head = words["one" if count == 1 else "many"].format(name=frame.name, n=_number(count, frame))
    told = [(_cut(_text(item, frame), frame.longest), _about(item, frame), item.link) for item in items]
    lines = [head, ""] if frame.links else [head]
    for text, about, link in told:
        lines.append(f"• {text}")
        if frame.links:
            lines += [f"  {line}" for line in (about, link) if line]
    rest = words["more"].format(n=_number(more, frame)) if more else ""
    single = told[0][2] if len(told) == 1 and not more else ""
    last = single if single and not frame.links else frame.link
    lines += [""] if frame.links else []
    lines.append(f"{rest or words['all']}: {last}" if not (single and not frame.links) else last)
    return Rendered(frame.language, head, _html(head, told, rest or words["all"], frame), "\n".join(lines))


def _html(head: str, told: Sequence[tuple[str, str, str]], rest: str, frame: Frame) -> str:
    way = "rtl" if frame.language == "fa" else "ltr"
    items = []
    for text, about, link in told:
        said = escape(text).replace("\n", "<br>")
        under = f'<a href="{escape(link)}">{escape(about)}</a>' if link else escape(about)
        items.append(f'<li style="margin-bottom:12px">{said}<br><small>{under}</small></li>')
    return (
        f'<html lang="{frame.language}" dir="{way}"><body style="font-family:Vazirmatn,Tahoma,sans-serif;text-align:start">'
        f'<p><b>{escape(head)}</b></p><ul>{"".join(items)}</ul><p><a href="{escape(frame.link)}">{escape(rest)}</a></p></body></html>'
    )


def _text(item: Item, frame: Frame) -> str:
    text = _lines(item.texts.get(frame.language) or next(iter(item.texts.values()), ""))
    return text if item.link else f"{WORDS[frame.language]['warning']}: {text}"


def _about(item: Item, frame: Frame) -> str:
    """Who, and when by the workspace's clock: in Persian by the Jalali calendar."""
    persian = frame.language == "fa"
    when = calendar.write(
        item.at.astimezone(ZoneInfo(frame.zone)), "%d %B %H:%M", jalali=persian, language=frame.language
    )
    when = when.translate(PERSIAN_DIGITS) if persian else when
    who = _cut(" ".join(item.who.split()), LONGEST_WHO)
    return f"{who} · {when}" if who else when


def _lines(text: str) -> str:
    """What goes on over a line stands under it: no name in a text can begin what looks like a notice of its own."""
    return "\n  ".join(text.strip().splitlines())


def _cut(text: str, longest: int) -> str:
    text = text.strip()
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _number(n: int, frame: Frame) -> str:
    return str(n).translate(PERSIAN_DIGITS) if frame.language == "fa" else str(n)
