"""Operators that look into text: contains, starts_with, matches."""

from __future__ import annotations

from typing import ClassVar

from psycopg.sql import SQL, Composable

from safar.lib.faults import Faults, said, told
from safar.lib.text import fold
from safar.segments.catalog import Catalog
from safar.segments.kinds import Schema, Words, shown, text_fault
from safar.segments.literals import text
from safar.segments.operator import Operator, Subject
from safar.segments.patterns import to_postgres
from safar.segments.reading import Reading


def if_text(value: Composable, test: Composable) -> Composable:
    """False for whatever is no text. The test reads the folded text."""
    return SQL("(CASE jsonb_typeof({}) WHEN 'string' THEN {} ELSE false END)").format(value, test)


def folded(value: Composable) -> Composable:
    return SQL("safar_fold({} #>> '{{}}')").format(value)


class Contains(Operator):
    key = "contains"
    label: ClassVar[Words] = {"en": "contains", "fa": "دربردارد"}
    subjects = frozenset({Subject.VALUE})
    test: ClassVar[SQL] = SQL("strpos({}, {}) > 0")

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> str | None:
        return _read_text(self.key, value, faults)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}

    def on_value(self, value: Composable, argument: str, r: Reading) -> Composable:
        return if_text(value, self.test.format(folded(value), text(argument)))


class StartsWith(Contains):
    key = "starts_with"
    label: ClassVar[Words] = {"en": "starts with", "fa": "آغاز می‌شود با"}
    test: ClassVar[SQL] = SQL("starts_with({}, {})")


class Matches(Operator):
    """Searches a pattern in the folded text; the pattern is folded too. Written as re2, run as the same in PostgreSQL."""

    key = "matches"
    label: ClassVar[Words] = {"en": "matches the pattern", "fa": "با الگو می‌خواند"}
    subjects = frozenset({Subject.VALUE})

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> str | None:
        pattern = _read_text(self.key, value, faults)
        if pattern is None:
            return None
        try:
            return to_postgres(pattern)
        except ValueError as fault:
            faults.add(told(fault))
            return None

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}

    def on_value(self, value: Composable, argument: str, r: Reading) -> Composable:
        return if_text(value, SQL('{} COLLATE "C" ~ {}').format(folded(value), text(argument)))


def _read_text(key: str, value: object, faults: Faults) -> str | None:
    if not isinstance(value, str) or not value:
        faults.add(
            said(
                "'%(key)s' takes some text, not %(hint)s",
                key=key,
                hint=shown(value) if value != "" else said("an empty one"),
            )
        )
        return None
    if fault := text_fault(value):
        faults.add(fault)
        return None
    return fold(value)
