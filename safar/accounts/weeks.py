"""When a week begins and which days nobody works: of a workspace, by its calendar until it says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # as datetime.weekday counts them
STARTS = ("sat", "sun", "mon")
MOST_WEEKEND = 3


@dataclass(frozen=True)
class Week:
    """start: one of STARTS; weekend: of DAYS."""

    start: str
    weekend: tuple[str, ...]


GREGORIAN_WEEK = Week("mon", ("sat", "sun"))
JALALI_WEEK = Week("sat", ("thu", "fri"))


def usual_week(calendar: str) -> Week:
    """Of a workspace that has said nothing. calendar: gregorian or jalali."""
    return JALALI_WEEK if calendar == "jalali" else GREGORIAN_WEEK


def is_weekend(days: object) -> bool:
    """Whether it is a list of at most MOST_WEEKEND different days."""
    if not isinstance(days, Sequence) or isinstance(days, str):
        return False
    return len(days) == len(set(days)) <= MOST_WEEKEND and all(day in DAYS for day in days)
