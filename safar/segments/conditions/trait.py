"""A named value on the contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import Composable

from safar.lib.faults import Faults
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema
from safar.segments.literals import member
from safar.segments.operator import Subject
from safar.segments.operators import Comparisons, operators_schema, parse_comparisons, parse_path
from safar.segments.reading import Condition, Reading


@dataclass(frozen=True)
class TraitCondition(Condition):
    path: tuple[str, ...]
    tests: Comparisons

    def holds(self, r: Reading) -> Composable:
        return self.tests.holds(member(r.traits, self.path), r)

    def flip(self, r: Reading) -> Composable | None:
        return self.tests.flip(member(r.traits, self.path), r)

    def reads(self) -> frozenset[str]:
        return frozenset({f"trait:{self.path[0]}", f"trait:{'.'.join(self.path)}"})

    def uses(self) -> frozenset[str]:
        return self.tests.uses()


class Trait(ConditionKind):
    key = "trait"
    label: ClassVar[Words] = {"en": "Field", "fa": "ویژگی"}
    help: ClassVar[Words] = {
        "en": "Compares a field of the contact. A value of another type does not match; letters and digits of Arabic and Persian keyboards are the same.",
        "fa": "یک ویژگی مخاطب را می‌سنجد. مقداری که از نوع دیگری باشد جور درنمی‌آید؛ حروف و رقم‌های صفحه‌کلید عربی و فارسی یکی شمرده می‌شوند.",
    }
    examples = (
        {"trait": "city", "is": "Tehran"},
        {"trait": "address.city", "in": ["تهران", "شیراز"]},
        {"trait": "birthday", "anniversary_within": "P7D", "calendar": "jalali"},
        {"trait": "renewal", "before": "P0D"},
    )

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        path = parse_path(data[self.key], faults.at(self.key))
        tests = parse_comparisons(data, Subject.VALUE, faults, catalog, beside=[self.key])
        return TraitCondition(path, tests) if path and tests else None

    def schema(self) -> Schema:
        return object_schema(
            self.key, {self.key: {"type": "string", "minLength": 1}, **operators_schema(Subject.VALUE)}
        )
