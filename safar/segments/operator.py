"""The contract of an operator: one word such as `at_least` that compares something of a contact with what was written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

from psycopg.sql import Composable

from safar.lib.faults import Faults, said
from safar.lib.text import fold
from safar.segments.catalog import Catalog
from safar.segments.kinds import Schema, Words, shown, text_fault
from safar.segments.literals import Scalar
from safar.segments.reading import Reading


class Subject(Enum):
    """What is compared."""

    VALUE = said("a value")  # jsonb of any type, NULL where missing: a trait, a property of an event or of the entry
    NUMBER = said("a number")  # numeric, NULL where missing: a fact
    TIME = said("a time")  # timestamptz, NULL where missing: a fact


class Operator(ABC):
    """One operator. `argument` below is whatever `read` gave.

    What the on_… methods give is a boolean that is never NULL and never raises. A value of the wrong type does not match.
    """

    key: ClassVar[str]
    label: ClassVar[Words]
    subjects: ClassVar[frozenset[Subject]]
    timed: ClassVar[bool] = False  # whether time alone can change it; such a one cannot stand in `where`

    @abstractmethod
    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> Any:
        """The argument as it will be compared; None, with a fault, where it is wrong."""

    @abstractmethod
    def schema(self) -> Schema:
        """JSON Schema of what is written behind it."""

    def on_value(self, value: Composable, argument: Any, r: Reading) -> Composable:
        raise NotImplementedError(f"{self.key} does not compare {Subject.VALUE.value}")

    def on_number(self, value: Composable, argument: Any, r: Reading) -> Composable:
        raise NotImplementedError(f"{self.key} does not compare {Subject.NUMBER.value}")

    def on_time(self, value: Composable, argument: Any, r: Reading) -> Composable:
        raise NotImplementedError(f"{self.key} does not compare {Subject.TIME.value}")

    def flip(self, time: Composable, argument: Any, r: Reading) -> Composable | None:
        """When time alone may change it, `time` being the value as timestamptz: as Condition.flip."""
        return None

    def uses(self) -> frozenset[str]:
        """As Condition.uses."""
        return frozenset()


@dataclass(frozen=True)
class Comparison:
    """An operator with its argument: one `at_least: 5`."""

    operator: Operator
    argument: Any

    def holds(self, value: Composable, subject: Subject, r: Reading) -> Composable:
        """Whether it holds for the value: a boolean, never NULL."""
        if subject is Subject.VALUE:
            return self.operator.on_value(value, self.argument, r)
        if subject is Subject.NUMBER:
            return self.operator.on_number(value, self.argument, r)
        return self.operator.on_time(value, self.argument, r)


def read_scalar(value: object, faults: Faults) -> Scalar | None:
    """Text (folded), number or true/false; a fault for all else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if fault := text_fault(value):
            faults.add(fault)
            return None
        return fold(value)
    if isinstance(value, int | float | Decimal):
        return read_number(value, faults)
    hint = said("; for what is missing write `exists: false`") if value is None else ""
    faults.add(
        said("a text, a number, true or false is needed here, not %(found)s%(hint)s", found=shown(value), hint=hint)
    )
    return None


def read_number(value: float | Decimal, faults: Faults) -> Decimal | None:
    """A number as it was written, within what PostgreSQL's numeric bears."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 100:
        faults.add(said("this number is out of range: %(found)s", found=shown(value)))
        return None
    return number


SCALAR_SCHEMA: Mapping[str, Any] = {"type": ["string", "number", "boolean"]}
