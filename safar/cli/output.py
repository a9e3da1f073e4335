"""Where commands write: results to standard output (as a table, or as JSON), everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text


@cache
def out() -> Console:
    """Results. Rich is imported at the first use: child processes of `safar run` never need it."""
    from rich.console import Console

    return Console(highlight=False)


@cache
def err() -> Console:
    """Progress, faults and remarks: kept apart so that results can be piped on."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def plain(value: Any) -> Any:
    """What JSON has no form for: times in ISO 8601 with their offset, exact decimals as text, sets as sorted lists."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 4800, and not 4800.0000000000000000 after a division
    if isinstance(value, UUID | Path):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def print_json(value: Any) -> None:
    """One JSON document, keys in the order given, text as it is and not escaped."""
    sys.stdout.write(json.dumps(value, default=plain, ensure_ascii=False, indent=2) + "\n")


def say(*parts: RenderableType, end: str = "\n") -> None:
    """A remark for the person at the terminal (standard error)."""
    err().print(*parts, end=end, soft_wrap=True)  # a line in a log file is not broken at 80 columns


def plain_text(text: str) -> Text:
    """Outside words: never read as markup."""
    from rich.text import Text

    return Text(text)


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    numbers: Iterable[str] = (),
    whole: Iterable[str] = (),
    title: str | None = None,
) -> None:
    """Rows under headings. numbers: columns that stand to the right; whole: columns that are never broken."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    right, unbroken = frozenset(numbers), frozenset(whole) | frozenset(numbers)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in right else "left"
        shown.add_column(column, justify=justify, overflow="fold", no_wrap=column in unbroken)
    for row in rows:
        shown.add_row(*(Text(text_of(cell)) for cell in row))  # Text: outside words are never read as markup
    out().print(shown)


def pairs(values: Mapping[str, Any]) -> None:
    """Names and values below one another."""
    from rich.table import Table
    from rich.text import Text

    shown = Table.grid(padding=(0, 2))
    for name, value in values.items():
        shown.add_row(Text(name, style="dim"), Text(text_of(value)))
    out().print(shown)


def text_of(value: Any) -> str:
    """A value for a person: thousands separated, times to the second, nothing as a dash."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dict | list):
        return json.dumps(value, default=plain, ensure_ascii=False)
    return str(value)
