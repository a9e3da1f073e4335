"""A published version, compiled: its stretches with their numbers, and the statements that read and move its people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from safar.journeys.compiler.arming import Armed, compile_start
from safar.journeys.compiler.entering import Entering, compile_entering
from safar.journeys.compiler.stretch import compile_stretch
from safar.journeys.compiler.text import lit, sql
from safar.journeys.compiler.walk import Walk, plan_walk
from safar.journeys.compiler.watching import Watched, Watching
from safar.journeys.definition.graph import topological
from safar.journeys.definition.model import Definition
from safar.journeys.kinds import End, Jump, Park, StateStart, outgoing
from safar.lib.occasions import Days
from safar.lib.quiet import NEVER_QUIET, Quiet
from safar.segments.reading import Condition, Reading


@dataclass(frozen=True)
class Origin:
    """Where a stretch begins. kind: start (index: starting point), point (a park left by ``path``), cut (it goes on at a point), send (it goes
    on at what goes out, before which people stood)."""

    kind: str
    index: int
    path: str


@dataclass(frozen=True)
class House:
    """What a version must know of its workspace. segments: key → condition; journeys: key → id; quiet: its quiet hours;
    occasions: key → days."""

    workspace_id: int
    zone: str
    calendar: str
    currency: str
    segments: Mapping[str, Condition]
    journeys: Mapping[str, int]
    quiet: Quiet = NEVER_QUIET
    occasions: Days = field(default_factory=dict)

    def reading(self, journey: str | None) -> Reading:
        return Reading(
            at=sql("t.at"),
            zone=sql(f"coalesce(c.zone, {lit(self.zone)})"),
            calendar=self.calendar,
            journey=journey,
            segments=self.segments,
            journeys=self.journeys,
            occasions=self.occasions,
        )


class Layout:
    """The stretches of a definition and what they pass. Pure: the decoder needs nothing else."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.topological = topological(definition)
        index = {point.key: point.index for point in definition.points}
        self.origins: list[Origin] = [Origin("start", start.index, "next") for start in definition.starts]
        self.targets: list[int | None] = [None if s.next is None else index[s.next] for s in definition.starts]
        for point in definition.points:
            if isinstance(point.kind, Park):
                ways = list(point.paths)
            elif isinstance(point.kind, Jump):
                ways = sorted(point.kind.leads_back)
            else:
                continue
            for path in ways:
                key = point.paths[path]
                self.origins.append(Origin("point", point.index, path))
                self.targets.append(None if key is None else index[key])
        self.walks: dict[int | None, Walk] = {}
        self.cut_stretch: dict[int, int] = {}
        self._plan_walks(list(self.targets))
        # Behind all others, so that versions from before there were quiet hours keep their numbers.
        self.send_stretch: dict[int, int] = {}  # what goes out → number of the stretch of those who stood before it
        for point in definition.points:
            if outgoing(point.kind, point.params) is not None:
                self.send_stretch[point.index] = len(self.origins)
                self.origins.append(Origin("send", point.index, ""))
                self.targets.append(point.index)
        self._plan_walks(list(self.send_stretch))
        self.stretch_of = {(o.index, o.path): n for n, o in enumerate(self.origins) if o.kind == "point"}
        self.target_of = {n: -1 if target is None else target for n, target in enumerate(self.targets)}
        self.jumps = {  # index of the jump → (stretch, target) of its way back
            o.index: (n, self.target_of[n])
            for n, o in enumerate(self.origins)
            if o.kind == "point" and isinstance(definition.points[o.index].kind, Jump)
        }

    def _plan_walks(self, waiting: list[int | None]) -> None:
        """Those that begin at these targets, and at the cuts that they make."""
        while waiting:
            target = waiting.pop()
            if target in self.walks:
                continue
            self.walks[target] = walk = plan_walk(self.definition, self.topological, target)
            for cut in sorted(walk.cuts - self.cut_stretch.keys()):
                self.cut_stretch[cut] = len(self.origins)
                self.origins.append(Origin("cut", cut, ""))
                self.targets.append(cut)
                waiting.append(cut)


@dataclass(frozen=True)
class Version:
    """One version with its statements, compiled when first asked for. live: new people come in by it.

    tells: some condition reads this journey. ranked: a contact may stand in the journey more than once.
    """

    definition: Definition
    layout: Layout
    house: House
    journey_id: int
    version_id: int
    live: bool
    paused: bool
    tells: bool
    ranked: bool

    @property
    def reading(self) -> Reading:
        return self.house.reading(self.definition.key)

    @cached_property
    def stretches(self) -> dict[int, str]:
        """target (-1: the map ends) → statement."""
        return {
            -1 if target is None else target: compile_stretch(
                self.definition,
                self.version_id,
                walk,
                self.reading,
                self.layout.cut_stretch,
                self.layout.jumps,
                self.house.quiet,
                self.layout.send_stretch,
                tells_journey=self.tells,
            )
            for target, walk in self.layout.walks.items()
        }

    @cached_property
    def _watching(self) -> Watching:
        return Watching(
            self.definition,
            self.journey_id,
            self.version_id,
            self.reading,
            ranked=self.ranked,
            tells=self.tells,
            currency=self.house.currency,
            zone=self.house.zone,
        )

    @cached_property
    def concern(self) -> Watched | None:
        return self._watching.concern()

    @cached_property
    def topics_left(self) -> Watched:
        return self._watching.topics_left()

    @cached_property
    def taken(self) -> Watched:
        return self._watching.taken()

    @cached_property
    def past_goal(self) -> Watched | None:
        return self._watching.past_goal()

    @cached_property
    def waits(self) -> list[Watched]:
        return self._watching.waits(self.layout.stretch_of, self.layout.target_of)

    @cached_property
    def exit_before(self) -> str | None:
        return self._watching.exit_before()

    @cached_property
    def exit_timer(self) -> str | None:
        return self._watching.exit_timer()

    @cached_property
    def point_timer(self) -> str:
        return self._watching.point_timer(self.layout.stretch_of, self.layout.target_of, self.layout.send_stretch)

    @cached_property
    def entering(self) -> Entering:
        return compile_entering(
            self.definition,
            self.journey_id,
            self.version_id,
            self.house.workspace_id,
            self.reading,
            {start.index: self.layout.target_of[start.index] for start in self.definition.starts},
            paused=self.paused,
            tells=self.tells,
        )

    @cached_property
    def due_ways(self) -> list[tuple[int, int, int]]:
        """(place, stretch, target) of every place where people stand whose end needs no reading."""
        found = []
        for point in self.definition.points:
            if isinstance(point.kind, Park) and point.kind.awaits(point.params).condition is None:
                number = self.layout.stretch_of[point.index, point.kind.due_path(point.params)]
                found.append((point.index, number, self.layout.target_of[number]))
        return found + [(place, number, place) for place, number in self.layout.send_stretch.items()]

    @cached_property
    def has_exit_points(self) -> bool:
        return any(isinstance(point.kind, End) for point in self.definition.points)

    @cached_property
    def armed(self) -> dict[int, Armed]:
        """Number of the starting point → its watch, for those that are states."""
        return {
            start.index: compile_start(start, self.journey_id, self.house.workspace_id, self.reading)
            for start in self.definition.starts
            if isinstance(start.kind, StateStart)
        }
