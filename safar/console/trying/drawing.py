"""A back-test's result as the page shows it: the points from top to bottom as on the map, each with its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from safar.console.trying.words import LEFT, REFUSED
from safar.events.jobs.queue import Job
from safar.journeys.backtest.answers import Unknown, find_unknown, sends
from safar.journeys.backtest.run import read_drafts
from safar.journeys.definition.describe import start_summary
from safar.journeys.definition.layout import ROOT, Layout, lay_out
from safar.journeys.definition.model import Definition, Point
from safar.journeys.forms import path_words
from safar.lib.faults import Refused

DEEPEST = 3  # levels that are set in on the page


@dataclass(frozen=True)
class Way:
    """A path out: share is of those who went on, None where nobody did. to: summary of what follows, empty where the map ends."""

    label: str
    people: int
    share: float | None
    to: str


@dataclass(frozen=True)
class Row:
    """A point. came_by: the path that it stands under; messages: None where none goes out; cost: of these messages, about, None where it is not known.
    reads, after: as in `Unknown`.
    """

    key: str
    label: str
    summary: str
    depth: int
    came_by: str
    entered: int
    standing: int
    set_aside: int
    ways: list[Way]
    left: list[tuple[str, int]]
    messages: int | None
    cost: Decimal | None
    reads: bool
    after: bool


@dataclass(frozen=True)
class Result:
    """starts: (what brings people in, how many). money: None where the goal has none; goals: None where there is no goal.

    cost: of the messages whose price is known, about; None where it is of none. unpriced: messages that it leaves out.
    """

    matched: int
    entered: int
    held_out: int
    refused: list[tuple[str, int]]
    goals: int | None
    money: Decimal | None
    messages: int
    control: bool
    starts: list[tuple[str, int]]
    rows: list[Row] = field(default_factory=list)
    unknown: Unknown = field(default_factory=Unknown)

    @property
    def cost(self) -> Decimal | None:
        known = [row.cost for row in self.rows if row.cost is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def unpriced(self) -> int:
        return sum(row.messages or 0 for row in self.rows if row.cost is None)

    @property
    def turned_away(self) -> int:
        return sum(n for _, n in self.refused)


def draw_result(job: Job, tongue: str, costs: Mapping[str, Decimal]) -> Result | None:
    """None where the draft of that time cannot be read any more. costs: template → of one message, where it is known."""
    try:
        definition = read_drafts([job.asked["draft"]], job.asked["segments"])[0][0]
    except Refused:
        return None
    figures: Mapping[str, Any] = job.told["figures"]
    unknown, goal = find_unknown(definition), definition.settings.goal
    rows = [
        _row(definition.point(key), depth, way, figures["points"][key], unknown, definition, tongue, costs)
        for key, depth, way in in_order(definition)
    ]
    return Result(
        figures["matched"],
        figures["entered"],
        figures["held_out"],
        [(str(REFUSED.get(reason, reason)), n) for reason, n in figures["refused"].items()],
        figures["goals"] if goal else None,
        Decimal(figures["money"]) if goal and goal.money else None,
        sum(row.messages or 0 for row in rows),
        definition.settings.control_group > 0,
        [(start_summary(each, tongue), figures["by_starting_point"].get(each.key, 0)) for each in definition.starts],
        rows,
        unknown,
    )


def in_order(definition: Definition) -> Iterator[tuple[str, int, str]]:
    """(point, how deep it is set in, path that it stands under where its neighbour has several), as the map draws them."""
    layout, points = lay_out(definition), {point.key: point for point in definition.points}
    for start in definition.starts:
        if (key := layout.under.get((start.key, "next"))) is not None:
            yield from _chain(layout, points, key, 0, "")
    for key in layout.below.get(ROOT, ()):
        yield from _chain(layout, points, key, 0, "")


def _chain(
    layout: Layout, points: Mapping[str, Point], first: str, depth: int, came_by: str
) -> Iterator[tuple[str, int, str]]:
    left = [(first, depth, came_by)]  # a stack: a map may be deeper than Python calls
    while left:
        key, deep, way = left.pop()
        yield key, deep, way
        paths = list(points[key].paths)
        several = len(paths) > 1
        under = [
            (layout.under[key, path], deep + several, path if several else "")
            for path in paths
            if (key, path) in layout.under
        ]
        meeting = [(each, deep, "") for each in layout.below.get(key, ())]
        left += reversed([*under, *meeting])


def _row(
    point: Point,
    depth: int,
    came_by: str,
    figures: Mapping[str, Any],
    unknown: Unknown,
    definition: Definition,
    tongue: str,
    costs: Mapping[str, Decimal],
) -> Row:
    words, gone = path_words(tongue), figures["paths"]
    through = sum(gone.values())
    ways = [
        Way(
            words.get(path, path),
            gone.get(path, 0),
            gone.get(path, 0) / through if through else None,
            definition.point(to).summary(tongue) if to else "",
        )
        for path, to in point.paths.items()
    ]
    return Row(
        point.key,
        point.kind.label[tongue],
        point.summary(tongue),
        min(depth, DEEPEST),
        words.get(came_by, came_by),
        figures["entered"],
        figures["standing"],
        figures["set_aside"],
        ways if len(ways) > 1 else [],
        [(str(LEFT.get(reason, reason)), n) for reason, n in figures["left"].items()],
        through if sends(point) else None,
        _cost(point, through, costs) if sends(point) else None,
        point.key in unknown.reads,
        point.key in unknown.after,
    )


def _cost(point: Point, messages: int, costs: Mapping[str, Decimal]) -> Decimal | None:
    """Of so many messages of a point, its variants by their shares; None where one of them has no price."""
    variants = point.params.get("variants") or {"": {"template": point.params.get("template"), "share": 1}}
    whole = sum(Decimal(str(one["share"])) for one in variants.values())
    if not whole or any(one["template"] not in costs for one in variants.values()):
        return None
    return (
        sum((costs[one["template"]] * Decimal(str(one["share"])) for one in variants.values()), Decimal(0))
        / whole
        * messages
    )
