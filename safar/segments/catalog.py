"""What a condition may name where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Catalog:
    """What is known at one place of a definition. A segment by itself has the plain Catalog(segments=…)."""

    segments: Mapping[str, object] = field(
        default_factory=dict
    )  # key → its Condition (see parse_segments), or as it was written
    points: Collection[str] = ()  # names of the points of this journey, for {message: …}
    templates: Collection[str] | None = None  # None: not known, so not checked
    entry: bool = False  # whether there is an entry to read: {entry: …}, same_as
    since: Collection[str] = ()  # which of `entry` and `arrival` an event condition may count from
    depth: int = 0  # composites around this place; parse_condition counts them

    def inside(self) -> Catalog:
        """The same, one composite further in."""
        return replace(self, depth=self.depth + 1)


@dataclass(frozen=True)
class Unsound:
    """Stands in Catalog.segments for a segment that could not be read."""

    reason: str
