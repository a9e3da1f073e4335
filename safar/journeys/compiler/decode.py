"""Reads passages out of a trail: which points an enrollment passed, when, and by which path. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from safar.journeys.compiler.text import ARRIVED, MASK
from safar.journeys.compiler.version import Layout
from safar.journeys.compiler.walk import GOES_DUE, GOES_WOKEN, JUMPS, STANDS, Walk
from safar.journeys.kinds import Action, Decision, End, Jump, Park

_ANY = datetime(1, 1, 1, tzinfo=UTC)  # where nobody asks when
Part = tuple[Layout, Sequence[int]]


@dataclass(frozen=True)
class Passage:
    """A point passed or stood at, by its key. left_at and path are None while standing; path alone where one left the journey."""

    point: str
    arrived_at: datetime
    left_at: datetime | None
    path: str | None


def decode_trail(parts: Sequence[Part], entered_at: datetime, left_at: datetime | None) -> list[Passage]:
    """parts: for each version that was walked by, in order, its layout and trail: pairs (microseconds since the entry, stretch << 48 |
    decisions). left_at: when the trip was left where it stood."""
    passages: list[Passage] = []
    for layout, trail in parts:
        for micros, code in zip(trail[::2], trail[1::2], strict=True):
            _add(passages, layout, entered_at + timedelta(microseconds=micros), code)
    if left_at is not None and passages and passages[-1].left_at is None:
        passages.append(replace(passages.pop(), left_at=left_at))
    return passages


def passed_keys(ways: Iterable[tuple[Layout, Sequence[int]]]) -> frozenset[str]:
    """The points that were passed, not those stood at. ways: for each version its layout and the codes of its stretches, in order."""
    passages: list[Passage] = []
    for layout, codes in ways:
        for code in codes:
            _add(passages, layout, _ANY, code)
    return frozenset(passage.point for passage in passages if passage.left_at is not None)


def _add(passages: list[Passage], layout: Layout, at: datetime, code: int) -> None:
    points, stretch = layout.definition.points, code >> 48
    if stretch == ARRIVED:  # by moving from another version: stands where it stood
        came = passages.pop().arrived_at if passages else at
        passages.append(Passage(points[code & MASK].key, came, None, None))
        return
    origin = layout.origins[stretch]
    if origin.kind == "point":
        passages.append(replace(passages.pop(), left_at=at, path=origin.path))
    stood = passages.pop().arrived_at if origin.kind == "send" and passages else None
    for point, path, passed in walk_path(layout, layout.walks[layout.targets[stretch]], code & MASK):
        passages.append(Passage(points[point].key, stood or at, at if passed else None, path))
        stood = None


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
        elif isinstance(kind, Action) and number == STANDS:
            yield here, None, False
            return
        elif isinstance(kind, Decision) and field:
            path = kind.paths(point.params)[number - 1]
        else:
            path = kind.paths(point.params)[0]
        yield here, path, True
        key = point.paths.get(path)
        here = None if key is None else index[key]
