"""Reads passages out of a trail: which points an enrollment passed, when, and by which path. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from safar.journeys.compiler.text import MASK
from safar.journeys.compiler.version import Layout
from safar.journeys.compiler.walk import GOES_DUE, GOES_WOKEN, JUMPS, Walk
from safar.journeys.kinds import Decision, End, Jump, Park


@dataclass(frozen=True)
class Passage:
    """A point passed or stood at. left_at and path are None while standing; path alone where one left the journey."""

    point: int
    arrived_at: datetime
    left_at: datetime | None
    path: str | None


def decode_trail(layout: Layout, entered_at: datetime, trail: Sequence[int], left_at: datetime | None) -> list[Passage]:
    """trail: pairs (microseconds since the entry, stretch << 48 | decisions). left_at: when the trip was left where it stood."""
    passages: list[Passage] = []
    for micros, code in zip(trail[::2], trail[1::2], strict=True):
        at = entered_at + timedelta(microseconds=micros)
        stretch = code >> 48
        origin = layout.origins[stretch]
        if origin.kind == "point":
            last = passages.pop()
            passages.append(Passage(last.point, last.arrived_at, at, origin.path))
        for point, path, passed in walk_path(layout, layout.walks[layout.targets[stretch]], code & MASK):
            passages.append(Passage(point, at, at if passed else None, path))
    if left_at is not None and passages and passages[-1].left_at is None:
        last = passages.pop()
        passages.append(Passage(last.point, last.arrived_at, left_at, None))
    return passages


def walk_path(layout: Layout, walk: Walk, decisions: int) -> Iterator[tuple[int, str | None, bool]]:
    """(point, path taken, passed) along one run of a stretch; the last one may be stood at (passed false)."""
    points, index = layout.definition.points, {point.key: point.index for point in layout.definition.points}
    here = walk.target
    while here is not None and here not in walk.cuts:
        point = points[here]
        field = walk.fields.get(here)
        number = (decisions >> field.offset) & ((1 << field.width) - 1) if field else 0
        kind = point.kind
        if isinstance(kind, End):
            yield here, None, True
            return
        if isinstance(kind, Park):
            if number not in (GOES_WOKEN, GOES_DUE):
                yield here, None, False
                return
            path = kind.woken_path(point.params) if number == GOES_WOKEN else kind.due_path(point.params)
        elif isinstance(kind, Jump):
            if number == JUMPS:
                yield here, None, False
                return
            path = "next"
        elif isinstance(kind, Decision) and field:
            path = kind.paths(point.params)[number - 1]
        else:
            path = kind.paths(point.params)[0]
        yield here, path, True
        key = point.paths.get(path)
        here = None if key is None else index[key]
