"""A property of what brought the contact into the journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import Composable

from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema
from safar.segments.literals import member
from safar.segments.operator import Subject
from safar.segments.operators import Comparisons, operators_schema, parse_comparisons, parse_path
from safar.segments.reading import Condition, Reading


@dataclass(frozen=True)
class EntryCondition(Condition):
    path: tuple[str, ...]
    tests: Comparisons

    def holds(self, r: Reading) -> Composable:
        return self.tests.holds(self._value(r), r)

    def flip(self, r: Reading) -> Composable | None:
        return self.tests.flip(self._value(r), r)

    def reads(self) -> frozenset[str]:
        return frozenset()  # the entry never changes

    def uses(self) -> frozenset[str]:
        return frozenset({"entry"})

    def _value(self, r: Reading) -> Composable:
        if r.entry is None:
            raise ValueError("a condition on the entry is read where there is none")
        return member(r.entry, self.path)


class Entry(ConditionKind):
    key = "entry"
    label: ClassVar[Words] = {"en": "What brought them", "fa": "آنچه او را آورد"}
    help: ClassVar[Words] = {
        "en": "Compares a property of the event or date with which the contact entered this journey.",
        "fa": "یکی از مشخصات رویداد یا تاریخی را می‌سنجد که مخاطب با آن وارد این سفر شد.",
    }
    examples = ({"entry": "total", "at_least": 500000}, {"entry": "coupon", "exists": False})

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        if not catalog.entry:
            faults.at(self.key).add(said("there is no entry here; it can be read inside a journey only"))
        path = parse_path(data[self.key], faults.at(self.key))
        tests = parse_comparisons(data, Subject.VALUE, faults, catalog, beside=[self.key])
        return EntryCondition(path, tests) if path and tests and catalog.entry else None

    def schema(self) -> Schema:
        return object_schema(
            self.key, {self.key: {"type": "string", "minLength": 1}, **operators_schema(Subject.VALUE)}
        )
