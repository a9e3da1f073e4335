"""What the tests of this room share: the example of the language page, small definitions, a catalog, a reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from psycopg.sql import SQL

from safar.journeys.definition.model import Definition, Point, Start
from safar.journeys.definition.parse import parse_definition
from safar.journeys.kinds import Kind, StartingPoint
from safar.journeys.registry import points, starting_points
from safar.lib.faults import Refused
from safar.segments.catalog import Catalog
from safar.segments.reading import Reading

DOCS = Path(__file__).resolve().parents[3] / "docs"
CATALOG = Catalog(segments={"big-spenders": {"fact": "spent", "at_least": 1000}})
ALL_KINDS: Mapping[str, Kind] = {**starting_points(), **points()}


@cache
def language_page() -> str:
    return (DOCS / "journeys.md").read_text(encoding="utf-8")


@cache
def example_text() -> str:
    """The definition that is printed on the page of the language."""
    found = re.search(r"```yaml\n(journey: .*?)```", language_page(), re.DOTALL)
    assert found, "the page of the language has no example"
    return found[1]


def data_with(kind: Kind, params: Mapping[str, Any]) -> dict[str, Any]:
    """The smallest definition that has a point of this kind, called ``it``."""
    if isinstance(kind, StartingPoint):
        return {"journey": "small", "start": {"it": {"kind": kind.key, **params}}}
    return {
        "journey": "small",
        "start": {"bought": {"kind": "ordered", "next": "it"}},
        "points": {"it": {"kind": kind.key, **params}},
    }


def parsed(kind: Kind, params: Mapping[str, Any] | None = None) -> Start | Point:
    """The point ``it`` of that definition, with the kind's own example unless params are given."""
    definition = parse_definition(data_with(kind, kind.example if params is None else params), CATALOG)
    return definition.starts[0] if isinstance(kind, StartingPoint) else definition.points[0]


def point(key: str, **params: Any) -> Start | Point:
    """As ``parsed``; ``for_`` and ``class_`` stand for the words that Python keeps for itself."""
    return parsed(ALL_KINDS[key], {name.rstrip("_"): value for name, value in params.items()})


def welcome() -> Definition:
    return parse_definition(example_text())


def faults_of(data: Any, catalog: Catalog = CATALOG) -> list[str]:
    """Every fault as ``place: message``; [] where the definition is right."""
    try:
        parse_definition(data, catalog)
    except Refused as refused:
        return [str(fault) for fault in refused.faults]
    return []


def a_reading(**changes: Any) -> Reading:
    """A reading over columns of a row ``r``: at, zone, entry, entry_seq, since_seq."""
    names = ("at", "zone", "entry", "entry_seq", "since_seq")
    return Reading(**{**{name: SQL(f"r.{name}") for name in names}, "journey": "small", **changes})
