"""Every operator by its word; how they are read behind a value; `Where`: several of them over the properties of one thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from psycopg.sql import SQL, Composable

from safar.lib.faults import Faults, did_you_mean, said
from safar.segments.catalog import Catalog
from safar.segments.comparing import comparing
from safar.segments.kinds import Schema, shown, text_fault
from safar.segments.literals import member
from safar.segments.operator import SCALAR_SCHEMA, Comparison, Operator, Subject
from safar.segments.reading import Reading
from safar.segments.timing import AnniversaryWithin, Yearly, as_time, read_calendar, timing

MOST_PROPERTIES = 50


@cache
def operators() -> Mapping[str, Operator]:
    """By key, in the order in which forms offer them."""
    return {operator.key: operator for operator in (*comparing(), *timing())}


@dataclass(frozen=True)
class Comparisons:
    """Several operators on one value; all must hold."""

    subject: Subject
    items: tuple[Comparison, ...]

    def holds(self, value: Composable, r: Reading) -> Composable:
        """As Condition.holds; value: of the subject's type."""
        return conjunction([item.holds(value, self.subject, r) for item in self.items])

    def flip(self, value: Composable, r: Reading) -> Composable | None:
        """As Condition.flip."""
        if not any(item.operator.timed for item in self.items):
            return None
        time = as_time(value, r) if self.subject is Subject.VALUE else value
        return earliest([item.operator.flip(time, item.argument, r) for item in self.items])

    def uses(self) -> frozenset[str]:
        """As Condition.uses."""
        return frozenset[str]().union(*(item.operator.uses() for item in self.items))


@dataclass(frozen=True)
class Where:
    """Conditions on the properties of one thing: paths of keys, each with what must hold there. All must hold."""

    properties: tuple[tuple[tuple[str, ...], Comparisons], ...]

    def holds(self, properties: Composable, r: Reading) -> Composable:
        """Whether they hold for `properties` (jsonb, may be NULL): a boolean, never NULL. Reads r.entry for `same_as` only."""
        return conjunction([tests.holds(member(properties, path), r) for path, tests in self.properties])

    def uses(self) -> frozenset[str]:
        """As Condition.uses: ``entry`` or nothing."""
        return frozenset[str]().union(*(tests.uses() for _, tests in self.properties))


def parse_where(data: object, faults: Faults, catalog: Catalog) -> Where | None:
    """From ``{category: {is: shoes}, order_id: {same_as: entry.order_id}, size: 42}``; a bare value is `is`."""
    if not isinstance(data, Mapping) or not 1 <= len(data) <= MOST_PROPERTIES:
        faults.add(said("'where' maps properties to what must hold for them, such as {category: {is: shoes}}"))
        return None
    read = [_parse_property(key, value, faults, catalog) for key, value in data.items()]
    known = tuple(item for item in read if item is not None)
    return Where(known) if len(known) == len(read) else None


def parse_path(name: object, faults: Faults) -> tuple[str, ...] | None:
    """A property's name; dots lead into nested objects, unless a property is called just so."""
    path = tuple(name.split(".")) if isinstance(name, str) and not text_fault(name) else ()
    if path and all(path):
        return path
    faults.add(
        said("a property's name is needed here, such as category or address.city, not %(found)s", found=shown(name))
    )
    return None


def parse_comparisons(
    data: Mapping[str, Any], subject: Subject, faults: Faults, catalog: Catalog, *, beside: Iterable[str] = ()
) -> Comparisons | None:
    """Every operator in a mapping, whose other keys are `beside`. `calendar` belongs to anniversary_within."""
    beside = frozenset(beside)
    known = [key for key, operator in operators().items() if subject in operator.subjects]
    items: list[Comparison] = []
    sound = True
    for key, value in data.items():
        if key in beside or (key == "calendar" and AnniversaryWithin.key in data and AnniversaryWithin.key in known):
            continue
        if key not in known:
            hint = did_you_mean(str(key), known) or said("; one of %(known)s", known=", ".join(known))
            faults.at(key).add(
                said("there is no operator '%(key)s' for %(value)s%(hint)s", key=key, value=subject.value, hint=hint)
            )
            sound = False
            continue
        argument = operators()[key].read(value, subject, faults.at(key), catalog)
        if isinstance(argument, Yearly) and "calendar" in data:
            calendar = read_calendar(data["calendar"], faults.at("calendar"))
            argument = replace(argument, calendar=calendar) if calendar else None
        sound = sound and argument is not None
        items.append(Comparison(operators()[key], argument))
    if not items and sound:
        faults.add(said("say what must hold for it: one of %(known)s", known=", ".join(known)))
    return Comparisons(subject, tuple(items)) if items and sound else None


def operators_schema(subject: Subject, *, timed: bool = True) -> Schema:
    """JSON Schema of the properties that operators take in a mapping."""
    found = {k: o.schema() for k, o in operators().items() if subject in o.subjects and (timed or not o.timed)}
    if AnniversaryWithin.key in found:
        found["calendar"] = {"$ref": "#/$defs/calendar"}
    return found


def where_schema() -> Schema:
    """JSON Schema of `where`."""
    tests = {
        "type": "object",
        "properties": operators_schema(Subject.VALUE, timed=False),
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": MOST_PROPERTIES,
        "additionalProperties": {"anyOf": [dict(SCALAR_SCHEMA), tests]},
    }


def conjunction(tests: list[Composable]) -> Composable:
    """All of them."""
    return tests[0] if len(tests) == 1 else SQL("({})").format(SQL(" AND ").join(tests))


def earliest(moments: Iterable[Composable | None]) -> Composable | None:
    """The least of those there are; NULLs do not count."""
    known = [moment for moment in moments if moment is not None]
    if len(known) < 2:
        return known[0] if known else None
    return SQL("least({})").format(SQL(", ").join(known))


def _parse_property(
    name: object, data: object, faults: Faults, catalog: Catalog
) -> tuple[tuple[str, ...], Comparisons] | None:
    faults = faults.at(str(name))
    path = parse_path(name, faults)
    tests = data if isinstance(data, Mapping) else {"is": data}
    if isinstance(data, list):
        faults.add(said("for one of several values write {in: [...]}"))
        return None
    sound = True
    for key in tests:
        if key in operators() and operators()[key].timed:
            faults.at(key).add(
                said("'%(key)s' goes by the clock and cannot stand in 'where'; the event's own `within` can", key=key)
            )
            sound = False
    if not sound:
        return None
    place = faults if isinstance(data, Mapping) else _Bare(faults.place, faults.found)
    comparisons = parse_comparisons(tests, Subject.VALUE, place, catalog)
    return (path, comparisons) if path and comparisons else None


class _Bare(Faults):
    """The place of a bare value: the `is` that it stands for was not written, so no place names it."""

    def at(self, *names: str | int) -> Faults:
        return Faults(self.place, self.found)
