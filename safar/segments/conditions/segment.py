"""A saved condition, put in place of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from psycopg.sql import Composable

from safar.lib.faults import Faults, did_you_mean, said
from safar.segments.catalog import Catalog, Unsound
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema, read_name, refuse_others
from safar.segments.reading import Condition, Reading


@dataclass(frozen=True)
class SegmentCondition(Condition):
    """condition: the segment's own as the catalog had it, for reads() and parts(); the reading's takes precedence in SQL."""

    segment: str
    condition: Condition

    def holds(self, r: Reading) -> Composable:
        return r.segments.get(self.segment, self.condition).holds(by_itself(r))

    def flip(self, r: Reading) -> Composable | None:
        return r.segments.get(self.segment, self.condition).flip(by_itself(r))

    def reads(self) -> frozenset[str]:
        return self.condition.reads()

    def parts(self) -> tuple[Condition, ...]:
        return (self.condition,)


class Segment(ConditionKind):
    key = "segment"
    label: ClassVar[Words] = {"en": "Segment", "fa": "سگمنت"}
    help: ClassVar[Words] = {
        "en": "Holds when the segment's own condition holds now. It keeps its meaning over all history wherever it is put.",
        "fa": "وقتی برقرار است که شرط خود سگمنت اکنون برقرار باشد. هرجا به کار رود، همان معنا را روی همهٔ گذشته دارد.",
    }
    examples = ({"segment": "big-spenders"},)

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        others = refuse_others(data, [self.key], faults)
        key = read_name(data, self.key, faults)
        if key is None:
            return None
        if key not in catalog.segments:
            faults.at(self.key).add(
                said("there is no segment '%(key)s'%(hint)s", key=key, hint=did_you_mean(key, catalog.segments))
            )
            return None
        condition = catalog.segments[key]
        if not isinstance(condition, Condition):
            reason = condition.reason if isinstance(condition, Unsound) else said("it was not read")
            faults.at(self.key).add(said("the segment '%(key)s' is itself wrong: %(reason)s", key=key, reason=reason))
            return None
        return None if others else SegmentCondition(key, condition)

    def schema(self) -> Schema:
        return object_schema(self.key, {self.key: {"type": "string", "minLength": 1}})


def by_itself(r: Reading) -> Reading:
    """The reading of a segment: nothing of the journey around it."""
    return replace(r, entry=None, entry_seq=None, since_seq=None, from_entry=False, journey=None)
