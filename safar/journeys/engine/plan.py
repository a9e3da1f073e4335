"""What the engine knows of all workspaces: which journeys, versions and segments there are, compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from safar.channels.webhooks.subscriptions import Listener
from safar.journeys.compiler.arming import Armed, compile_segment
from safar.journeys.compiler.version import House, Layout, Version
from safar.journeys.definition.model import Definition
from safar.journeys.kinds import Decision, EventStart, Park, StateStart
from safar.lib.occasions import Days, usual_days
from safar.lib.quiet import NEVER_QUIET, Quiet
from safar.segments.reading import Condition

LAST_SEEN = "fact:last_seen"


@dataclass(frozen=True)
class VersionSource:
    """A version as it is stored. live: it is the published one."""

    version_id: int
    definition: Definition
    live: bool = True


@dataclass(frozen=True)
class JourneySource:
    journey_id: int
    key: str
    versions: Sequence[VersionSource]
    paused: bool = False
    entering: bool = True  # False: archived or never published


@dataclass(frozen=True)
class WorkspaceSource:
    """segments: (id, key, condition) in their order, all of the workspace; the plan finds out which are watched."""

    workspace_id: int
    zone: str
    calendar: str
    currency: str
    late_events: timedelta
    segments: Sequence[tuple[int, str, Condition]]
    journeys: Sequence[JourneySource]
    quiet: Quiet = NEVER_QUIET
    occasions: Days | None = None  # None: those that everybody knows
    listeners: Sequence[Listener] = ()  # addresses that are told of events


@dataclass(frozen=True)
class Journey:
    """A journey with its versions that have people, and the one that new people come in by."""

    journey_id: int
    workspace_id: int
    key: str
    versions: tuple[Version, ...]
    live: Version | None
    paused: bool
    ranked: bool


@dataclass(frozen=True)
class Workspace:
    source: WorkspaceSource
    segments: tuple[tuple[int, Armed], ...]
    journeys: tuple[Journey, ...]

    @property
    def reads_last_seen(self) -> bool:
        return any(LAST_SEEN in tokens for tokens in self.tokens())

    @property
    def hears_more_than_names(self) -> bool:
        """Somebody is told of events whose names are not known before."""
        return any(one.beginnings for one in self.source.listeners)

    def tokens(self) -> Iterator[frozenset[str]]:
        """What watched segments and versions read, and what sets versions off."""
        for _, armed in self.segments:
            yield armed.tokens
        for journey in self.journeys:
            for version in journey.versions:
                yield read_by(version.definition) | set_off_by(version.definition)
                yield segments_read(version.definition, {key: condition for _, key, condition in self.source.segments})


@dataclass(frozen=True)
class Plan:
    workspaces: Mapping[int, Workspace] = field(default_factory=dict)

    def heard(self) -> frozenset[str]:
        """Names of events that somebody reads: conditions, goals, waits, starting points, listeners. Those that change figures come on top."""
        read = frozenset(token.removeprefix("event:") for token in self.tokens() if token.startswith("event:"))
        return read.union(*(one.names for workspace in self.workspaces.values() for one in workspace.source.listeners))

    def reads_figures(self) -> bool:
        """Whether anybody reads facts of the shop or of messages, or is set off by an order."""
        return any(token == "ordered" or (token.startswith("fact:") and token != LAST_SEEN) for token in self.tokens())

    def tokens(self) -> frozenset[str]:
        """What anybody reads or is set off by."""
        return frozenset().union(*(tokens for workspace in self.workspaces.values() for tokens in workspace.tokens()))

    @property
    def versions(self) -> dict[int, Version]:
        return {v.version_id: v for w in self.workspaces.values() for j in w.journeys for v in j.versions}

    @property
    def journeys(self) -> dict[int, Journey]:
        return {j.journey_id: j for w in self.workspaces.values() for j in w.journeys}


def build_plan(sources: Iterable[WorkspaceSource]) -> Plan:
    """Compiles nothing yet: statements are made when first needed."""
    return Plan({source.workspace_id: _workspace(source) for source in sources})


def _workspace(source: WorkspaceSource) -> Workspace:
    conditions = {key: condition for _, key, condition in source.segments}
    house = House(
        source.workspace_id,
        source.zone,
        source.calendar,
        source.currency,
        conditions,
        {journey.key: journey.journey_id for journey in source.journeys},
        source.quiet,
        usual_days() if source.occasions is None else source.occasions,
    )
    definitions = [version.definition for journey in source.journeys for version in journey.versions]
    watched = frozenset[str]().union(*(definition.watched_segments() for definition in definitions))
    read = frozenset[str]().union(
        *(read_by(definition) for definition in definitions),
        *(segments_read(definition, conditions) for definition in definitions),
        *(conditions[key].reads() for key in watched if key in conditions),
    )
    segments = tuple(
        (segment_id, compile_segment(key, segment_id, source.workspace_id, condition, house.reading(None)))
        for segment_id, key, condition in source.segments
        if key in watched
    )
    journeys = tuple(_journey(source.workspace_id, journey, house, read) for journey in source.journeys)
    return Workspace(source, segments, journeys)


def _journey(workspace_id: int, source: JourneySource, house: House, read: frozenset[str]) -> Journey:
    ranked = any(version.definition.settings.one_per is not None for version in source.versions)
    versions = tuple(
        Version(
            version.definition,
            Layout(version.definition),
            house,
            source.journey_id,
            version.version_id,
            live=version.live and source.entering,
            paused=source.paused,
            tells=f"journey:{source.key}" in read,
            ranked=ranked,
        )
        for version in source.versions
    )
    live = next((version for version in versions if version.live), None)
    return Journey(source.journey_id, workspace_id, source.key, versions, live, source.paused, ranked)


def read_by(definition: Definition) -> frozenset[str]:
    """Tokens of everything that any condition of the definition reads."""
    found: set[str] = set()
    settings = definition.settings
    conditions: list[Condition | None] = [settings.exit_when, *(start.filter for start in definition.starts)]
    for point in definition.points:
        if isinstance(point.kind, Decision):
            found |= point.kind.reads(point.params)
        elif isinstance(point.kind, Park):
            conditions.append(point.kind.awaits(point.params).condition)
    for condition in conditions:
        if condition is not None:
            found |= condition.reads()
    return frozenset(found)


def segments_read(definition: Definition, conditions: Mapping[str, Condition]) -> frozenset[str]:
    """Tokens of the segments that starting points read at their moment."""
    return frozenset[str]().union(*(conditions[key].reads() for key in definition.read_segments() if key in conditions))


def set_off_by(definition: Definition) -> frozenset[str]:
    """Tokens of events that bring people in, wake them, or are the goal."""
    found: set[str] = set()
    for start in definition.starts:
        if isinstance(start.kind, EventStart):
            found |= start.kind.sets_off(start.params)
        elif isinstance(start.kind, StateStart):
            found |= start.kind.reads(start.params)
    for point in definition.points:
        if isinstance(point.kind, Park):
            found |= {f"event:{name}" for name, _ in point.kind.awaits(point.params).events}
    if definition.settings.goal is not None:
        found.add(f"event:{definition.settings.goal.event}")
    return frozenset(found)
