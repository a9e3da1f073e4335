"""The types of parameters that have parts: conditions, awaited events, branches, shares, variants, moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from safar.journeys.definition.parameters import (
    MAX_NAME,
    ParameterType,
    Schema,
    Template,
    named,
    read_mapping,
    read_number,
    read_text,
)
from safar.journeys.kinds import Awaited
from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.operators import Where, parse_where
from safar.segments.parse import parse_condition
from safar.segments.reading import Condition

T = TypeVar("T")
MAX_WAYS = 50  # paths of one point: more is no map, and a decision must fit its bits


def _each(value: Any, faults: Faults, read: Callable[[Any, Faults], T | None]) -> dict[str, T] | None:
    """A mapping of 1 to 50 names of paths to something; None where anything in it is wrong."""
    written = read_mapping(value, faults)
    if written is None:
        return None
    if not 1 <= len(written) <= MAX_WAYS:
        faults.add(said("must have 1 to %(max_ways)s entries, not %(n)s", max_ways=MAX_WAYS, n=len(written)))
        return None
    found: dict[str, T] = {}
    for name, part in written.items():
        read_text(name, faults.at(name), 64)
        one = read(part, faults.at(name))
        if one is not None:
            found[name] = one
    return found if len(found) == len(written) else None


class ConditionType(ParameterType):
    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Condition | None:
        return parse_condition(value, faults, catalog)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/condition"}


class WhereType(ParameterType):
    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Where | None:
        return parse_where(value, faults, catalog)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/where"}


class AwaitedType(ParameterType):
    """``{event, where?}``, ``{any_event: [...]}``, or any condition: a mapping that is neither is one."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Awaited | None:
        if not isinstance(value, Mapping):
            mend = said("; write {event: %(value)s}", value=value) if isinstance(value, str) else ""
            faults.add(said("must be an event or a condition, not %(found)s%(mend)s", found=named(value), mend=mend))
            return None
        if "any_event" in value:
            read_mapping(value, faults, ("any_event",))
            return self._several(value["any_event"], faults.at("any_event"), catalog)
        if "event" in value and value.keys() <= {"event", "where"}:
            event = self._event(value, faults, catalog)
            return Awaited(events=(event,)) if event else None
        condition = parse_condition(value, faults, catalog)
        return Awaited(condition=condition) if condition else None

    def _several(self, value: Any, faults: Faults, catalog: Catalog) -> Awaited | None:
        if not isinstance(value, list) or not 1 <= len(value) <= MAX_WAYS:
            faults.add(said("must be a list of 1 to %(max_ways)s events", max_ways=MAX_WAYS))
            return None
        events = [self._event(each, faults.at(number), catalog) for number, each in enumerate(value)]
        return Awaited(events=tuple(event for event in events if event)) if all(events) else None

    def _event(self, value: Any, faults: Faults, catalog: Catalog) -> tuple[str, Where | None] | None:
        if isinstance(value, str):
            name = read_text(value, faults)
            return (name, None) if name else None
        written = read_mapping(value, faults, ("event", "where"))
        if written is None or not written.keys() <= {"event", "where"}:
            return None
        if "event" not in written:
            faults.at("event").add(said("is missing"))
            return None
        name = read_text(written["event"], faults.at("event"))
        if written.get("where") is None:
            return (name, None) if name else None
        where = parse_where(written["where"], faults.at("where"), catalog)
        return (name, where) if name and where is not None else None

    def schema(self) -> Schema:
        event = {"$ref": "#/$defs/awaited_event"}
        several = {
            "type": "object",
            "properties": {"any_event": {"type": "array", "minItems": 1, "maxItems": MAX_WAYS, "items": event}},
            "required": ["any_event"],
            "additionalProperties": False,
        }
        return {"anyOf": [event, several, {"$ref": "#/$defs/condition"}]}


class Branches(ParameterType):
    """Path → condition, in order."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> dict[str, Condition] | None:
        return _each(value, faults, lambda part, here: parse_condition(part, here, catalog))

    def schema(self) -> Schema:
        return _ways({"$ref": "#/$defs/condition"})


class Shares(ParameterType):
    """Path → share, none negative, not all 0."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> dict[str, int | float] | None:
        shares = _each(value, faults, lambda part, here: read_number(part, here, least=0, most=1_000_000))
        if shares is not None and not sum(shares.values()) > 0:
            faults.add(said("at least one share must be more than 0"))
            return None
        return shares

    def schema(self) -> Schema:
        return _ways({"type": "number", "minimum": 0, "maximum": 1_000_000})


class Variants(ParameterType):
    """Name → {template, share}; a share left out is 1."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> dict[str, dict[str, Any]] | None:
        variants = _each(value, faults, lambda part, here: self._variant(part, here, catalog))
        if variants is not None and not sum(variant["share"] for variant in variants.values()) > 0:
            faults.add(said("at least one share must be more than 0"))
            return None
        return variants

    def _variant(self, value: Any, faults: Faults, catalog: Catalog) -> dict[str, Any] | None:
        written = read_mapping(value, faults, ("template", "share"))
        if written is None:
            return None
        share = read_number(written.get("share", 1), faults.at("share"), least=0, most=1_000_000)
        if written.get("template") is None:
            return {"share": share} if share is not None else None
        template = Template().read(written["template"], faults.at("template"), catalog)
        return {"template": template, "share": share} if template is not None and share is not None else None

    def schema(self) -> Schema:
        variant = {
            "type": "object",
            "properties": {
                "template": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
                "share": {"type": "number", "minimum": 0, "maximum": 1_000_000},
            },
            "additionalProperties": False,
        }
        return _ways(variant)


def _ways(part: Schema) -> Schema:
    return {"type": "object", "minProperties": 1, "maxProperties": MAX_WAYS, "additionalProperties": part}
