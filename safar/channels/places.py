"""Where the next page of a list goes on that shows the newest first: behind the moment and the number of the last line, so that none of the same moment is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def read_place(after: str) -> tuple[Any, int]:
    """(moment, number) to stay below; of an empty text the newest of all. Raises ValueError where it is no place."""
    if not after:
        return "infinity", 2**63 - 1
    moment, _, number = after.partition("_")
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None or not number.isdecimal() or not number.isascii() or len(number) > 18:
        raise ValueError(f"{after[:80]!r} is no place in this list")
    return at, int(number)


def write_place(at: datetime, number: int) -> str:
    return f"{at.isoformat()}_{number}"
