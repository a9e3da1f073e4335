"""Why a decision went as it did: the statements that its condition is made of, whether each held, and the value that it read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal

from safar.journeys.backtest.run import Setting
from safar.journeys.definition.model import Definition, Point
from safar.journeys.kinds import Decision
from safar.lib.faults import Faults
from safar.segments.catalog import Catalog
from safar.segments.conditions.entry import EntryCondition
from safar.segments.conditions.fact import COUNTED, FactCondition
from safar.segments.conditions.trait import TraitCondition
from safar.segments.literals import jsonb, member
from safar.segments.parse import parse_condition
from safar.segments.reading import Condition, Reading

MOST = 12  # statements of one decision that are told
_GROUPS = ("all", "any")


@dataclass(frozen=True)
class Leaf:
    """A statement as written. valued: it compares a value, which was `value` (None: missing); else `held` says all there is to say.

    path: the way out that it speaks for, where there are several.
    """

    written: Mapping[str, Any]
    held: bool
    valued: bool = False
    value: Any = None
    path: str = ""


def read_why(
    connection: psycopg.Connection[Any],
    contact: int,
    definition: Definition,
    point: Point,
    path: str,
    conditions: Mapping[str, Condition],
    setting: Setting,
    moment: datetime,
    entry: Mapping[str, Any] | None,
) -> list[Leaf] | None:
    """connection: scratch tables as they were at that moment. None where it cannot be told: for a split, for what is counted from the
    arrival, and wherever reading it again gives another way, since later points of the same stretch have changed what was read."""
    assert isinstance(point.kind, Decision)
    written = _written(point)
    if not written:
        return None
    reading = Reading(
        at=SQL("{}::timestamptz").format(Literal(moment.isoformat())),
        zone=SQL("coalesce(c.zone, {})").format(Literal(setting.zone)),
        calendar=setting.calendar,
        entry=jsonb(dict(entry or {})),
        journey=definition.key,
        segments=conditions,
        journeys={definition.key: 1},
    )
    points = tuple(each.key for each in definition.points)
    catalog = Catalog(segments=conditions, points=points, entry=True, since=("entry", "arrival"))
    found: list[Leaf] = []
    for way, one in written:
        whole = parse_condition(one, Faults(), catalog)
        if whole is None or whole.uses() - {"entry"} or (entry is None and "entry" in whole.uses()):
            return None
        held = _ask(connection, contact, [whole.holds(reading)])[0]
        leaves = list(_leaves(one))
        found += [leaf for each in leaves if (leaf := _leaf(connection, contact, each, catalog, reading, way))]
        if held:
            return found[:MOST] if path == (way or "yes") else None
    return found[:MOST] if path in ("no", "else") else None


def _written(point: Point) -> list[tuple[str, Any]]:
    """(path that it speaks for, condition as written), in order; no path where there is one condition only."""
    condition, branches = point.written.get("condition"), point.written.get("branches")
    if isinstance(condition, Mapping):
        return [("", condition)]
    return [(str(path), one) for path, one in branches.items()] if isinstance(branches, Mapping) else []


def _leaves(written: Any) -> Iterator[Mapping[str, Any]]:
    """The statements inside all, any and not."""
    if not isinstance(written, Mapping):
        return
    parts = next((written[name] for name in _GROUPS if name in written), None)
    if isinstance(parts, list | tuple):
        for part in parts:
            yield from _leaves(part)
    elif "not" in written:
        yield from _leaves(written["not"])
    else:
        yield written


def _leaf(
    connection: psycopg.Connection[Any],
    contact: int,
    written: Mapping[str, Any],
    catalog: Catalog,
    reading: Reading,
    way: str,
) -> Leaf | None:
    condition = parse_condition(written, Faults(), catalog)
    if condition is None:
        return None
    value = _value(condition, reading)
    if value is None:
        return Leaf(written, _ask(connection, contact, [condition.holds(reading)])[0], path=way)
    held, read = _ask(connection, contact, [condition.holds(reading), value])
    return Leaf(written, held, True, read, way)


def _value(condition: Condition, reading: Reading) -> Composable | None:
    """What the statement compares, as jsonb; None where it compares nothing that has a value."""
    if isinstance(condition, FactCondition):
        column = SQL("{}.{}").format(reading.facts, Identifier(condition.fact))
        known = SQL("coalesce({}, 0)").format(column) if condition.fact in COUNTED else column
        return SQL("to_jsonb({})").format(known)
    if isinstance(condition, TraitCondition):
        return member(reading.traits, condition.path)
    if isinstance(condition, EntryCondition) and reading.entry is not None:
        return member(reading.entry, condition.path)
    return None


def _ask(connection: psycopg.Connection[Any], contact: int, asked: list[Composable]) -> tuple[Any, ...]:
    query = SQL(
        "SELECT {} FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
        " WHERE c.bucket = {} AND c.id = {}"
    ).format(SQL(", ").join(asked), Literal(contact & 1023), Literal(contact))
    row = connection.execute(query, prepare=False).fetchone()
    return row if row is not None else (False,) * len(asked)
