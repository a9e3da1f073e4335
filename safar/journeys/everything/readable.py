"""The same as a page: what a person reads who asked what is known about them. One file, nothing loaded, no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from safar.content.calendar import write
from safar.content.filters import persian_digits
from safar.journeys.everything.labels import LABELS, SECTIONS, WORDS

_STYLE = (
    "body{font:1rem/1.7 Vazirmatn,'Segoe UI',Tahoma,sans-serif;margin:0 auto;max-width:60rem;padding:1.5rem;color:#222}"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;margin-block-start:2rem;border-block-end:1px solid #ccc}"
    "dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.15rem 1rem;margin:0;padding:.6rem 0;border-block-end:1px solid #eee}"
    "dt{color:#5c5c5c}dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}dd dl{border:0;padding:0}"
)


@dataclass(frozen=True)
class Look:
    """How values are written. language: fa | en."""

    language: str
    zone: str
    calendar: str

    def moment(self, at: datetime) -> str:
        jalali = self.calendar == "jalali"
        text = write(at.astimezone(ZoneInfo(self.zone)), "%d %B %Y %H:%M", jalali=jalali, language=self.language)
        return str(persian_digits(text)) if self.language == "fa" else text


def head(look: Look, workspace: str, made_at: datetime) -> str:
    """Up to the first section."""
    direction = "rtl" if look.language == "fa" else "ltr"
    title = WORDS["title"][look.language].format(workspace=escape(workspace))
    made = WORDS["made"][look.language].format(at=escape(look.moment(made_at)))
    return (
        f'<!doctype html>\n<html lang="{look.language}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1><p>{made}</p>\n"
    )


def section(look: Look, table: str) -> str:
    """The heading of a table's rows."""
    return f"<h2>{escape(SECTIONS.get(table, {}).get(look.language, table))}</h2>\n"


def entry(look: Look, row: Mapping[str, Any]) -> str:
    """One row."""
    return "".join(_pairs(look, {name: value for name, value in row.items() if name not in _UNREAD})) + "\n"


FOOT = "</body></html>\n"
# In the JSON as well; here they say nothing to a person, or the same once more.
_UNREAD = frozenset(
    (
        "contact_id",
        "body_html",
        "seq",
        "hops",
        "id",
        "enrollment_id",
        "version_id",
        "entry_seq",
        "since_seq",
        "trail_pos",
        "message_id_header",
    )
)


def _pairs(look: Look, found: Mapping[str, Any]) -> Iterator[str]:
    yield "<dl>"
    for name, value in found.items():
        if value not in ({}, [], ""):
            label = LABELS.get(name, {}).get(look.language, name)
            yield f"<dt><bdi>{escape(label)}</bdi></dt><dd>{_value(look, value)}</dd>"
    yield "</dl>"


def _value(look: Look, value: Any) -> str:
    if isinstance(value, dict):
        return "".join(_pairs(look, value))
    if isinstance(value, list):
        return "<br>".join(_value(look, one) for one in value)
    if isinstance(value, bool):
        return WORDS["yes" if value else "no"][look.language]
    if isinstance(value, (int, float)):
        return str(persian_digits(str(value))) if look.language == "fa" else str(value)
    text = str(value)
    if len(text) > 18 and text[4:5] == "-" and text[10:11] == "T":
        try:
            at = datetime.fromisoformat(text)
            return escape(look.moment(at)) if at.tzinfo else escape(text)
        except (ValueError, OverflowError):
            pass
    return f'<bdi dir="auto">{escape(text)}</bdi>'
