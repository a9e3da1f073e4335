"""A kept figure about the contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable, Identifier

from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, read_choice
from safar.segments.operator import Subject
from safar.segments.operators import Comparisons, operators_schema, parse_comparisons
from safar.segments.reading import Condition, Reading

# Columns of contact_facts. These start at 0, also for a contact that has no row yet …
COUNTED = ("orders", "spent", "cart_value", "opens", "clicks", "unopened_in_a_row")
# … and these are missing until something happened.
NUMBERS = (*COUNTED, "average_order")
TIMES = ("last_order", "first_order", "cart_since", "last_seen", "last_open", "last_click")
LATER = ("club_points", "stage", "lifecycle", "clv", "churn_risk")


@dataclass(frozen=True)
class FactCondition(Condition):
    fact: str
    tests: Comparisons

    def holds(self, r: Reading) -> Composable:
        return self.tests.holds(self._value(r), r)

    def flip(self, r: Reading) -> Composable | None:
        return self.tests.flip(self._value(r), r)

    def reads(self) -> frozenset[str]:
        return frozenset({f"fact:{self.fact}"})

    def _value(self, r: Reading) -> Composable:
        column = SQL("{}.{}").format(r.facts, Identifier(self.fact))
        return SQL("coalesce({}, 0)").format(column) if self.fact in COUNTED else column


class Fact(ConditionKind):
    key = "fact"
    label: ClassVar[Words] = {"en": "Figure", "fa": "شاخص"}
    help: ClassVar[Words] = {
        "en": "Compares a figure that is kept for every contact: orders, money spent, the cart, last visit, opens and clicks.",
        "fa": "شاخصی را می‌سنجد که برای هر مخاطب نگه داشته می‌شود: سفارش‌ها، مبلغ خرید، سبد، آخرین بازدید، بازکردن‌ها و کلیک‌ها.",
    }
    examples = (
        {"fact": "orders", "at_least": 2},
        {"fact": "last_order", "before": "P90D"},
        {"fact": "average_order", "exists": True},
    )

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        name = data[self.key]
        if name in LATER:
            faults.at(self.key).add(said("the fact '%(name)s' is not available yet", name=name))
            return None
        fact = read_choice(data, self.key, [*NUMBERS, *TIMES], said("fact"), faults)
        if fact is None:
            return None
        subject = Subject.NUMBER if fact in NUMBERS else Subject.TIME
        tests = parse_comparisons(data, subject, faults, catalog, beside=[self.key])
        return FactCondition(fact, tests) if tests else None

    def schema(self) -> Schema:
        shapes = [(NUMBERS, Subject.NUMBER), (TIMES, Subject.TIME)]
        return {
            "type": "object",
            "required": [self.key],
            "oneOf": [
                {
                    "properties": {self.key: {"enum": list(names)}, **operators_schema(subject)},
                    "additionalProperties": False,
                    "minProperties": 2,
                }
                for names, subject in shapes
            ],
        }
