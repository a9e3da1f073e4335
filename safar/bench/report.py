"""What a benchmark found: figures with their units, and ratios with the goal each is held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Figure:
    """One measured value. value None: it cannot be read here (a server on another machine, say)."""

    name: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class Goal:
    """A figure that is held against a goal. sense: which side of the goal is good."""

    name: str
    value: float | None
    goal: float
    sense: Literal["at most", "at least"]
    unit: str = "×"

    @property
    def met(self) -> bool | None:
        """None where there is nothing to judge."""
        if self.value is None:
            return None
        return self.value <= self.goal if self.sense == "at most" else self.value >= self.goal


@dataclass
class Report:
    """One benchmark. size: what N was, in ``of``."""

    name: str
    size: int
    of: str
    figures: list[Figure] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, name: str, value: float | None, unit: str) -> None:
        self.figures.append(Figure(name, value, unit))

    def at_most(self, name: str, value: float | None, goal: float, unit: str = "×") -> None:
        self.goals.append(Goal(name, value, goal, "at most", unit))

    def at_least(self, name: str, value: float | None, goal: float, unit: str = "×") -> None:
        self.goals.append(Goal(name, value, goal, "at least", unit))

    def as_json(self) -> dict[str, Any]:
        return {
            "benchmark": self.name,
            "size": self.size,
            "of": self.of,
            "figures": {f"{f.name}, {f.unit}": _short(f.value) for f in self.figures},
            "goals": [
                {
                    "name": g.name,
                    "value": _short(g.value),
                    "unit": g.unit,
                    "goal": f"{g.sense} {g.goal:g}",
                    "met": g.met,
                }
                for g in self.goals
            ],
            "notes": self.notes,
        }


def divide(above: float | None, below: float | None) -> float | None:
    """A ratio, None where a part of it is not known or there was nothing."""
    return above / below if above is not None and below else None


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of the sorted values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def _short(value: float | None) -> float | None:
    """Four digits: more would be noise."""
    return None if value is None else float(f"{value:.4g}")
