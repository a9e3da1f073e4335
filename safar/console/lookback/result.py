"""A look back as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from safar.console.faults import say
from safar.console.journeys.common import language
from safar.console.lookback.words import CHANNELS
from safar.events.jobs.queue import Job
from safar.journeys.readymade.shelf import KEYS, ReadyMade, find_ready_made


@dataclass(frozen=True)
class Line:
    """One journey. messages: (channel in words, how many); within: (per cent, money); others as in `Reach`."""

    ready: ReadyMade
    people: int
    trips: int
    messages: list[tuple[Any, int]]
    cost: Decimal | None
    unpriced: int
    returned: int | None
    within: list[tuple[int, Decimal]]
    guessed: bool


@dataclass(frozen=True)
class Result:
    """since, until: of what was looked back on; file: how its rows were read, None where it was what is recorded; idle: whom nobody
    would have entered."""

    since: datetime
    until: datetime
    orders: int
    contacts: int
    average: Decimal
    currency: str
    lines: list[Line]
    idle: list[ReadyMade]
    file: Mapping[str, Any] | None
    refusals: list[tuple[int, str]]

    @property
    def guessed(self) -> bool:
        return any(line.guessed for line in self.lines)

    @property
    def priceless(self) -> bool:
        return any(line.unpriced for line in self.lines)


def draw_result(job: Job) -> Result:
    """What a finished job has told; journeys that are on the shelf no more are left out."""
    told, past = job.told, job.told["past"]
    file = told.get("file")
    refusals = [(one["line"], say(one["message"])) for one in file["refusals"]] if file else []
    return Result(
        datetime.fromisoformat(past["since"]),
        datetime.fromisoformat(past["until"]),
        past["orders"],
        past["contacts"],
        Decimal(past["average"]),
        past["currency"],
        [_line(one) for one in told["journeys"] if one["key"] in KEYS],
        [find_ready_made(key, language()) for key in told["idle"] if key in KEYS],
        file,
        refusals,
    )


def _line(one: Mapping[str, Any]) -> Line:
    return Line(
        find_ready_made(one["key"], language()),
        one["people"],
        one["trips"],
        [(CHANNELS.get(channel, channel), n) for channel, n in one["messages"].items()],
        None if one["cost"] is None else Decimal(one["cost"]),
        one["unpriced"],
        one["returned"],
        [(int(share), Decimal(money)) for share, money in (one["within"] or {}).items()],
        one["guessed"],
    )
