"""A walk: the instant points behind one point, up to the next places where an enrollment can stand.

Pure. What each point of the walk decides is packed into one number of 48 bits; the same layout serves the compiler, which
writes the number, and the decoder, which reads passages out of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from safar.journeys.compiler.reach import ALWAYS, NEVER, Reach
from safar.journeys.definition.model import Definition, Point
from safar.journeys.kinds import (
    Action,
    Decision,
    Effect,
    End,
    Jump,
    Note,
    Park,
    SetConsent,
    SetTag,
    SetTraits,
    outgoing,
)

DECISION_BITS = 48
# What a park decides for whoever arrives; and what goes out, before which people may stand.
GOES_WOKEN, GOES_DUE, STANDS = 1, 2, 3
JUMPS, GOES_ON = 1, 2  # what a jump decides; who jumps stands there for no time, and goes on as a walk of its own


@dataclass(frozen=True)
class Field:
    """Where a deciding point's number stands: 0 means it was not reached."""

    offset: int
    width: int


@dataclass(frozen=True)
class Walk:
    """target: index of the first point, None where the path ends the map. All numbers are indexes of points."""

    target: int | None
    order: tuple[int, ...]  # points passed or stood at, in the order of passing
    fields: dict[int, Field]
    reached: dict[int, Reach]
    cuts: frozenset[int]  # points where the walk stops for a moment, to go on as a walk of their own

    @property
    def parks_and_cuts(self) -> tuple[int, ...]:
        return tuple(i for i in self.order if i in self.reached)


def changes(effect: Effect) -> frozenset[str]:
    """Tokens of what an effect changes within its stretch. Emitted events change nothing before they are applied."""
    if isinstance(effect, SetTag):
        return frozenset({f"tag:{effect.tag}"})
    if isinstance(effect, SetConsent):
        return frozenset({f"consent:{effect.channel}"})
    if isinstance(effect, SetTraits):
        zone = {"*"} if "timezone" in effect.values else set()
        return frozenset({f"trait:{name}" for name in effect.values} | zone)
    return frozenset()


def reads_of(effect: Effect) -> frozenset[str]:
    """Tokens of what an effect reads of the contact: what its stretch has changed it would not see."""
    if isinstance(effect, Note):
        return frozenset(
            f"trait:{part[1]}" for part in effect.parts if not isinstance(part, str) and part[0] == "contact"
        )
    return frozenset()


def plan_walk(definition: Definition, topological: tuple[int, ...], target: int | None) -> Walk:
    """Lays out the walk that begins at ``target`` (which itself is never cut)."""
    if target is None:
        return Walk(None, (), {}, {}, frozenset())
    points = definition.points
    index = {point.key: point.index for point in points}
    reached: dict[int, Reach] = {target: ALWAYS}
    changed: dict[int, frozenset[str]] = {target: frozenset()}
    widths: dict[int, int] = {}
    order: list[int] = []
    cuts: set[int] = set()
    used = 0
    for i in topological:
        if i not in reached:
            continue
        point = points[i]
        order.append(i)
        width = _width(point)
        if i != target and (_conflicts(point, changed[i]) or used + width > DECISION_BITS):
            cuts.add(i)
            continue
        if width:
            widths[i] = width
            used += width
        after = changed[i]
        if isinstance(point.kind, Action):
            after |= changes(point.kind.effect(point.params))
        for path, reach in _ways_out(point, reached[i], i if width else None):
            key = point.paths.get(path)
            if key is not None:
                nxt = index[key]
                reached[nxt] = reached.get(nxt, NEVER) | reach
                changed[nxt] = changed.get(nxt, frozenset()) | after
    return Walk(target, tuple(order), _fields(points, widths), {i: reached[i] for i in order}, frozenset(cuts))


def _fields(points: Sequence[Point], widths: Mapping[int, int]) -> dict[int, Field]:
    """What goes out stands behind all others: versions from before there were quiet hours have their numbers where they were, and 0
    there, which is passing."""
    fields, used = {}, 0
    for i, width in sorted(widths.items(), key=lambda one: isinstance(points[one[0]].kind, Action)):
        fields[i] = Field(used, width)
        used += width
    return fields


def _width(point: Point) -> int:
    if isinstance(point.kind, Park):
        return 0 if point.kind.stands(point.params) else 2
    if isinstance(point.kind, Jump) or outgoing(point.kind, point.params) is not None:
        return 2
    if isinstance(point.kind, Decision):
        return len(point.kind.paths(point.params)).bit_length()
    return 0


def _ways_out(point: Point, reach: Reach, decides: int | None) -> Iterator[tuple[str, Reach]]:
    """(path, who takes it)."""
    kind = point.kind
    if isinstance(kind, End):
        return
    if isinstance(kind, Park):
        if decides is not None:
            woken, due = kind.woken_path(point.params), kind.due_path(point.params)
            yield woken, Reach.when(decides, GOES_WOKEN)
            yield due, Reach.when(decides, GOES_DUE)
        return
    if isinstance(kind, Jump):
        if decides is not None:
            yield "next", Reach.when(decides, GOES_ON)
        return
    if isinstance(kind, Action) and decides is not None:
        yield "next", Reach.when(decides, GOES_DUE)
        return
    if decides is not None:
        for number, path in enumerate(kind.paths(point.params), start=1):
            yield path, Reach.when(decides, number)
        return
    for path in kind.paths(point.params):
        yield path, reach


def _conflicts(point: Point, changed: frozenset[str]) -> bool:
    """True where the point reads, or changes again, what its stretch has changed before it."""
    if not changed:
        return False
    kind, params = point.kind, point.params
    if isinstance(kind, Action):
        effect = kind.effect(params)
        mine = changes(effect)
        if reads_of(effect) & changed or ("*" in changed and outgoing(kind, params) is not None):
            return True  # quiet hours go by the contact's zone
        traits = any(token.startswith("trait:") for token in changed) and any(t.startswith("trait:") for t in mine)
        return traits or bool(mine & changed)
    if isinstance(kind, Decision):
        return "*" in changed or bool(kind.reads(params) & changed)
    if isinstance(kind, Park):
        condition = kind.awaits(params).condition
        reads = condition.reads() if condition is not None else frozenset()
        return any(token.startswith("trait:") for token in changed) or bool(reads & changed)
    return False
