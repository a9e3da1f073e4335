"""A definition as everybody below the editor sees it: parsed, checked, frozen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from safar.journeys.kinds import EventStart, Kind, Params, StartingPoint, StateStart
from safar.lib.durations import Duration
from safar.segments.operators import Where
from safar.segments.reading import Condition

DUTIES = ("awareness", "engagement", "conversion", "retention", "loyalty", "advocacy")
LANGUAGES = ("en", "fa")


@dataclass(frozen=True)
class Goal:
    """The event a journey is there for. within: from the entry, None without end. money: property of its amount."""

    event: str
    where: Where | None = None
    within: Duration | None = None
    money: str | None = None


@dataclass(frozen=True)
class Settings:
    """reentry: ``never``, ``always`` or a duration since the last entry. control_group: per cent held out."""

    reentry: str | Duration = "never"
    one_per: str | None = None
    goal: Goal | None = None
    exit_when: Condition | None = None
    control_group: float = 0


@dataclass(frozen=True)
class Start:
    """A starting point. next: key of the first point, None where the map ends at once."""

    key: str
    kind: StartingPoint
    params: Params
    filter: Condition | None
    next: str | None
    index: int
    written: Mapping[str, Any] = field(default_factory=dict, compare=False)  # its parameters as in the source

    filter_written: Any = field(default=None, compare=False)

    def summary(self, language: str) -> str:
        return self.kind.summary(self.written, language)


@dataclass(frozen=True)
class Point:
    """A rule or an action. paths: every path of its kind in order → key of the next point, None where the map ends."""

    key: str
    kind: Kind
    params: Params
    paths: Mapping[str, str | None]
    index: int
    written: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def summary(self, language: str) -> str:
        return self.kind.summary(self.written, language)


@dataclass(frozen=True)
class Definition:
    """A whole journey. title: language → text, in both. source: the mapping it was read from, in its order."""

    key: str
    title: Mapping[str, str]
    serves: str | None
    settings: Settings
    starts: tuple[Start, ...]
    points: tuple[Point, ...]
    source: Mapping[str, Any] = field(compare=False)

    def point(self, key: str) -> Point:
        """Raises KeyError where there is none."""
        for point in self.points:
            if point.key == key:
                return point
        raise KeyError(key)

    def watched_segments(self) -> frozenset[str]:
        """Keys of the segments whose members must be kept, because a starting point waits for who joins or leaves."""
        return frozenset(
            start.params[parameter.name]
            for start in self.starts
            if isinstance(start.kind, EventStart)
            for parameter in start.kind.parameters
            if parameter.type == "segment" and parameter.name in start.params
        )

    def read_segments(self) -> frozenset[str]:
        """Keys of the segments whose condition a starting point reads at its moment; nothing is kept of them before."""
        return frozenset[str]().union(
            *(start.kind.segments(start.params) for start in self.starts if isinstance(start.kind, StateStart))
        )

    def to_json(self) -> str:
        """The source as JSON text, order kept: what is stored (as text or json, never jsonb) and answered."""
        return json.dumps(self.source, ensure_ascii=False, separators=(",", ":"))
