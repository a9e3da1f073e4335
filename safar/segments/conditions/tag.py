"""A label on the contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.lib.faults import Faults
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema, read_name, refuse_others
from safar.segments.literals import text
from safar.segments.lookups import exists, rows
from safar.segments.reading import Condition, Reading


@dataclass(frozen=True)
class TagCondition(Condition):
    tag: str

    def holds(self, r: Reading) -> Composable:
        return exists(rows("contact_tag", SQL("v.tag = {}").format(text(self.tag)), r))

    def reads(self) -> frozenset[str]:
        return frozenset({f"tag:{self.tag}"})


class Tag(ConditionKind):
    key = "tag"
    label: ClassVar[Words] = {"en": "Tag", "fa": "برچسب"}
    help: ClassVar[Words] = {
        "en": "Holds when the contact bears this tag.",
        "fa": "وقتی برقرار است که مخاطب این برچسب را داشته باشد.",
    }
    examples = ({"tag": "vip"},)

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        others = refuse_others(data, [self.key], faults)
        tag = read_name(data, self.key, faults)
        return None if others or tag is None else TagCondition(tag)

    def schema(self) -> Schema:
        return object_schema(self.key, {self.key: {"type": "string", "minLength": 1}})
