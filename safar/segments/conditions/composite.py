"""all, any, not: conditions made of conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.lib.faults import Faults
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema, refuse_others, shown
from safar.segments.operators import earliest
from safar.segments.parse import parse_condition
from safar.segments.reading import Condition, Reading

MOST_LISTED = 200
CONDITION: Schema = {"$ref": "#/$defs/condition"}


@dataclass(frozen=True)
class Composite(Condition):
    """Its flip is the least of its parts'."""

    conditions: tuple[Condition, ...]

    def flip(self, r: Reading) -> Composable | None:
        return earliest([part.flip(r) for part in self.conditions])

    def reads(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.reads() for part in self.conditions))

    def uses(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.uses() for part in self.conditions))

    def parts(self) -> tuple[Condition, ...]:
        return self.conditions


class AllOf(Composite):
    def holds(self, r: Reading) -> Composable:
        return SQL("({})").format(SQL(" AND ").join([part.holds(r) for part in self.conditions]))


class AnyOf(Composite):
    def holds(self, r: Reading) -> Composable:
        return SQL("({})").format(SQL(" OR ").join([part.holds(r) for part in self.conditions]))


class NotOf(Composite):
    def holds(self, r: Reading) -> Composable:
        return SQL("(NOT {})").format(self.conditions[0].holds(r))


class _ListKind(ConditionKind):
    made: ClassVar[type[Composite]]

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        others = refuse_others(data, [self.key], faults)
        listed, place = data[self.key], faults.at(self.key)
        if not isinstance(listed, list | tuple) or not 1 <= len(listed) <= MOST_LISTED:
            place.add(
                f"'{self.key}' takes a list of 1 to {MOST_LISTED} conditions, such as [{{tag: vip}}], not {shown(listed)}"
            )
            return None
        inside = catalog.inside()
        read = [parse_condition(item, place.at(n), inside) for n, item in enumerate(listed)]
        known = tuple(part for part in read if part is not None)
        return None if others or len(known) < len(read) else self.made(known)

    def schema(self) -> Schema:
        items = {"type": "array", "items": CONDITION, "minItems": 1, "maxItems": MOST_LISTED}
        return object_schema(self.key, {self.key: items})


class All(_ListKind):
    key = "all"
    made = AllOf
    label: ClassVar[Words] = {"en": "All of these", "fa": "همهٔ این‌ها"}
    help: ClassVar[Words] = {
        "en": "Holds when every condition in the list holds.",
        "fa": "وقتی برقرار است که همهٔ شرط‌های فهرست برقرار باشند.",
    }
    examples = ({"all": [{"fact": "cart_value", "at_least": 500000}, {"trait": "city", "is": "Tehran"}]},)


class Any_(_ListKind):
    key = "any"
    made = AnyOf
    label: ClassVar[Words] = {"en": "Any of these", "fa": "یکی از این‌ها"}
    help: ClassVar[Words] = {
        "en": "Holds when at least one condition in the list holds.",
        "fa": "وقتی برقرار است که دست‌کم یکی از شرط‌های فهرست برقرار باشد.",
    }
    examples = ({"any": [{"tag": "vip"}, {"fact": "orders", "at_least": 10}]},)


class Not(ConditionKind):
    key = "not"
    label: ClassVar[Words] = {"en": "Not", "fa": "چنین نباشد"}
    help: ClassVar[Words] = {
        "en": "Holds when the condition does not, also where what it asks for is missing.",
        "fa": "وقتی برقرار است که شرط برقرار نباشد؛ حتی وقتی چیزی که می‌پرسد اصلاً معلوم نیست.",
    }
    examples = ({"not": {"tag": "vip"}},)

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        others = refuse_others(data, [self.key], faults)
        part = parse_condition(data[self.key], faults.at(self.key), catalog.inside())
        return None if others or part is None else NotOf((part,))

    def schema(self) -> Schema:
        return object_schema(self.key, {self.key: CONDITION})
