"""Operators that look at the value alone: equality, order, text, presence."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from psycopg.sql import SQL, Composable

from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.kinds import Schema, Words, shown, text_fault
from safar.segments.literals import Scalar, jsonb, jsonbs, member, number, text, texts
from safar.segments.operator import SCALAR_SCHEMA, Operator, Subject, read_scalar
from safar.segments.reading import Reading
from safar.segments.texts import Contains, Matches, StartsWith, folded, if_text

MOST_VALUES = 1000


class Is(Operator):
    key = "is"
    label: ClassVar[Words] = {"en": "is", "fa": "برابر است با"}
    subjects = frozenset({Subject.VALUE, Subject.NUMBER})

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> Scalar | None:
        return _of_subject(read_scalar(value, faults), subject, faults)

    def schema(self) -> Schema:
        return dict(SCALAR_SCHEMA)

    def on_value(self, value: Composable, argument: Scalar, r: Reading) -> Composable:
        if isinstance(argument, str):
            return if_text(value, SQL("{} = {}").format(folded(value), text(argument)))
        # jsonb compares numbers by value, and never across types.
        return SQL("coalesce({} = {}, false)").format(value, jsonb(argument))

    def on_number(self, value: Composable, argument: Decimal, r: Reading) -> Composable:
        return SQL("coalesce({} = {}, false)").format(value, number(argument))


class IsNot(Is):
    """The not of `is`: it holds where the value is missing."""

    key = "is_not"
    label: ClassVar[Words] = {"en": "is not", "fa": "برابر نیست با"}

    def on_value(self, value: Composable, argument: Scalar, r: Reading) -> Composable:
        return SQL("(NOT {})").format(super().on_value(value, argument, r))

    def on_number(self, value: Composable, argument: Decimal, r: Reading) -> Composable:
        return SQL("(NOT {})").format(super().on_number(value, argument, r))


class In(Operator):
    key = "in"
    label: ClassVar[Words] = {"en": "is one of", "fa": "یکی از این‌هاست"}
    subjects = frozenset({Subject.VALUE, Subject.NUMBER})

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> tuple[Scalar, ...] | None:
        if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_VALUES:
            faults.add(
                said(
                    "'in' takes a list of 1 to %(most_values)s values, such as [Tehran, Shiraz]",
                    most_values=f"{MOST_VALUES:,}",
                )
            )
            return None
        items = [_of_subject(read_scalar(v, faults.at(n)), subject, faults.at(n)) for n, v in enumerate(value)]
        known = tuple(item for item in items if item is not None)
        return known if len(known) == len(items) else None

    def schema(self) -> Schema:
        return {"type": "array", "items": dict(SCALAR_SCHEMA), "minItems": 1, "maxItems": MOST_VALUES}

    def on_value(self, value: Composable, argument: tuple[Scalar, ...], r: Reading) -> Composable:
        words = [item for item in argument if isinstance(item, str)]
        others = [item for item in argument if not isinstance(item, str)]
        ways: list[Composable] = []
        if words:
            ways.append(if_text(value, SQL("{} = ANY ({})").format(folded(value), texts(words))))
        if others:
            ways.append(SQL("coalesce({} = ANY ({}), false)").format(value, jsonbs(others)))
        return SQL("({})").format(SQL(" OR ").join(ways))

    def on_number(self, value: Composable, argument: tuple[Decimal, ...], r: Reading) -> Composable:
        numbers = SQL(", ").join([number(item) for item in argument])
        return SQL("coalesce({} = ANY (ARRAY[{}]), false)").format(value, numbers)


class _Order(Operator):
    """Numbers with numbers, texts with texts in folded order (that of code points)."""

    sign: ClassVar[SQL]
    subjects = frozenset({Subject.VALUE, Subject.NUMBER})

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> str | Decimal | None:
        if isinstance(value, bool):
            faults.add(said("'%(key)s' compares numbers or texts, not %(found)s", key=self.key, found=shown(value)))
            return None
        scalar = _of_subject(read_scalar(value, faults), subject, faults)
        return None if isinstance(scalar, bool) else scalar

    def schema(self) -> Schema:
        return {"type": ["string", "number"]}

    def on_value(self, value: Composable, argument: str | Decimal, r: Reading) -> Composable:
        if isinstance(argument, str):
            return if_text(value, SQL('{} COLLATE "C" {} {}').format(folded(value), self.sign, text(argument)))
        return self.on_number(SQL("safar_number({})").format(value), argument, r)

    def on_number(self, value: Composable, argument: Decimal, r: Reading) -> Composable:
        return SQL("coalesce({} {} {}, false)").format(value, self.sign, number(argument))


class AtLeast(_Order):
    key, sign = "at_least", SQL(">=")
    label: ClassVar[Words] = {"en": "at least", "fa": "دست‌کم"}


class AtMost(_Order):
    key, sign = "at_most", SQL("<=")
    label: ClassVar[Words] = {"en": "at most", "fa": "حداکثر"}


class MoreThan(_Order):
    key, sign = "more_than", SQL(">")
    label: ClassVar[Words] = {"en": "more than", "fa": "بیشتر از"}


class LessThan(_Order):
    key, sign = "less_than", SQL("<")
    label: ClassVar[Words] = {"en": "less than", "fa": "کمتر از"}


class Exists(Operator):
    """Whether there is a value. null is none."""

    key = "exists"
    label: ClassVar[Words] = {"en": "is known", "fa": "معلوم است"}
    subjects = frozenset(Subject)

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> bool | None:
        if isinstance(value, bool):
            return value
        faults.add(said("'exists' takes true or false, not %(found)s", found=shown(value)))
        return None

    def schema(self) -> Schema:
        return {"type": "boolean"}

    def on_value(self, value: Composable, argument: bool, r: Reading) -> Composable:
        return SQL("coalesce(jsonb_typeof({}) {} 'null', {})").format(
            value, SQL("<>" if argument else "="), SQL("false" if argument else "true")
        )

    def on_number(self, value: Composable, argument: bool, r: Reading) -> Composable:
        return SQL("({} IS NOT NULL)" if argument else "({} IS NULL)").format(value)

    on_time = on_number


class SameAs(Operator):
    """The value is that of a property of the entry, as `is` says; what is missing is the same as nothing."""

    key = "same_as"
    label: ClassVar[Words] = {"en": "is the same as in the entry", "fa": "همان است که در ورود بود"}
    subjects = frozenset({Subject.VALUE})

    def read(self, value: object, subject: Subject, faults: Faults, catalog: Catalog) -> tuple[str, ...] | None:
        if not catalog.entry:
            faults.add(said("there is no entry here that 'same_as' could read"))
            return None
        path = tuple(value.split(".")) if isinstance(value, str) and not text_fault(value) else ()
        if len(path) < 2 or path[0] != "entry" or not all(path):
            faults.add(
                said(
                    "'same_as' names a property of the entry, such as entry.order_id, not %(found)s", found=shown(value)
                )
            )
            return None
        return path[1:]

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^entry(\.[^.]+)+$"}

    def on_value(self, value: Composable, argument: tuple[str, ...], r: Reading) -> Composable:
        if r.entry is None:
            raise ValueError("same_as is read where there is no entry")
        return SQL("safar_same({}, {})").format(value, member(r.entry, argument))

    def uses(self) -> frozenset[str]:
        return frozenset({"entry"})


def _of_subject(value: Scalar | None, subject: Subject, faults: Faults) -> Scalar | None:
    """A number is compared with numbers only; say so, instead of never matching."""
    if subject is Subject.NUMBER and value is not None and (isinstance(value, bool) or not isinstance(value, Decimal)):
        faults.add(said("this is compared with a number, not with %(found)s", found=shown(value)))
        return None
    return value


def comparing() -> tuple[Operator, ...]:
    """One of each, in the order in which forms offer them."""
    return (
        Is(), IsNot(), In(), Contains(), StartsWith(), AtLeast(), AtMost(), MoreThan(), LessThan(), Exists(), Matches(), SameAs(),
    )  # fmt: skip
