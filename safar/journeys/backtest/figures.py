"""The figures of a version's map, decoded from its counts: per point entered, standing, by each path, left by reason, set aside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import psycopg

from safar.journeys.compiler.decode import walk_path
from safar.journeys.compiler.tables import (
    ENTERED,
    EXITS,
    GOAL,
    HELD_OUT,
    LEAVING,
    MOVED_IN,
    MOVED_OUT,
    REFUSALS,
    REFUSED,
    SET_ASIDE,
)
from safar.journeys.compiler.version import Layout
from safar.journeys.compiler.walk import Walk
from safar.journeys.definition.model import Definition
from safar.journeys.kinds import End


class Counted(Protocol):
    """A version as far as its counts need it."""

    @property
    def version_id(self) -> int: ...
    @property
    def definition(self) -> Definition: ...
    @property
    def layout(self) -> Layout: ...


@dataclass
class PointFigures:
    """entered = standing + the sum of paths + the sum of left + set_aside + moved. moved: to another version; who came here from
    another one is among the entered."""

    entered: int = 0
    standing: int = 0
    set_aside: int = 0
    moved: int = 0
    paths: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)


@dataclass
class Figures:
    """Of one version. entered: by starting point; refused: by reason; matched = entered + held out + refused.

    moved_in: came from another version; no starting point counts them.
    """

    points: dict[str, PointFigures]
    entered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    held_out: int = 0
    goals: int = 0
    money: Decimal = Decimal(0)
    moved_in: int = 0

    @property
    def matched(self) -> int:
        return sum(self.entered.values()) + self.held_out + sum(self.refused.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "matched": self.matched,
            "entered": sum(self.entered.values()),
            "by_starting_point": dict(self.entered),
            "held_out": self.held_out,
            "moved_in": self.moved_in,
            "refused": dict(self.refused),
            "goals": self.goals,
            "money": str(self.money),
            "points": {
                key: {
                    "entered": p.entered,
                    "standing": p.standing,
                    "paths": dict(p.paths),
                    "left": dict(p.left),
                    "set_aside": p.set_aside,
                    "moved": p.moved,
                }
                for key, p in self.points.items()
            },
        }


def read_figures(connection: psycopg.Connection[Any], version: Counted) -> Figures:
    """Counts decoded to passages; nobody is counted twice, since every stretch writes where it came from and where it went."""
    rows = connection.execute(
        "SELECT stretch, decisions, sum(n)::bigint, sum(money) FROM passage_count WHERE version_id = %s GROUP BY 1, 2",
        (version.version_id,),
    ).fetchall()
    return count_passages(version, rows)


def count_passages(version: Counted, rows: Iterable[tuple[int, int, int, Decimal | None]]) -> Figures:
    """rows: (stretch, decisions, n, money)."""
    layout, points = version.layout, version.definition.points
    figures = Figures({point.key: PointFigures() for point in points})
    by_index = defaultdict(PointFigures, {point.index: figures.points[point.key] for point in points})
    for stretch, decisions, n, money in rows:
        if stretch >= 0:
            origin = layout.origins[stretch]
            if origin.kind == "point":
                by_index[origin.index].paths[origin.path] += n
            elif (
                origin.kind == "send"
            ):  # they came there in an earlier stretch, and come through it once more in this one
                by_index[origin.index].entered -= n
            _passed(by_index, points, layout.walks[layout.targets[stretch]], version, decisions, n)
        elif stretch == ENTERED:
            figures.entered[version.definition.starts[decisions].key] += n
        elif stretch == HELD_OUT:
            figures.held_out += n
        elif stretch == REFUSED:
            figures.refused[REFUSALS[decisions]] += n
        elif stretch == LEAVING:
            if decisions % 256 != 255:
                by_index[decisions % 256].left[EXITS[decisions // 256]] += n
        elif stretch == SET_ASIDE:
            by_index[decisions].set_aside += n
        elif stretch == MOVED_OUT:
            by_index[decisions].moved += n
        elif stretch == MOVED_IN:
            by_index[decisions].entered += n
            figures.moved_in += n
        elif stretch == GOAL:
            figures.goals += n
            figures.money += money or 0
    for point in figures.points.values():
        point.standing = (
            point.entered - sum(point.paths.values()) - sum(point.left.values()) - point.set_aside - point.moved
        )
    return figures


def _passed(
    by_index: defaultdict[int, PointFigures], points: Any, walk: Walk, version: Counted, decisions: int, n: int
) -> None:
    for point, path, passed in walk_path(version.layout, walk, decisions):
        figure = by_index[point]
        figure.entered += n
        kind = points[point].kind
        if isinstance(kind, End):
            figure.left[kind.reason(points[point].params)] += n
        elif passed and path is not None:
            figure.paths[path] += n
