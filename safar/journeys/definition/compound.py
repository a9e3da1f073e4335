"""The types of parameters that have parts: conditions, awaited events, branches, shares, variants, moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from safar.journeys.definition.moments import (
    WEEKDAYS,
    ClockTime,
    FixedMoment,
    TraitDate,
    Until,
    Weekdays,
    parse_moment,
    parse_time,
)
from safar.journeys.definition.parameters import (
    MAX_NAME,
    AnyValue,
    Boolean,
    DurationType,
    Name,
    Number,
    ParameterType,
    Schema,
    Segment,
    Template,
    Text,
    Values,
    named,
    read_choice,
    read_duration,
    read_mapping,
    read_number,
    read_text,
)
from safar.journeys.kinds import Awaited
from safar.lib.faults import Faults
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
        faults.add(f"must have 1 to {MAX_WAYS} entries, not {len(written)}")
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
            mend = f"; write {{event: {value}}}" if isinstance(value, str) else ""
            faults.add(f"must be an event or a condition, not {named(value)}{mend}")
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
            faults.add(f"must be a list of 1 to {MAX_WAYS} events")
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
            faults.at("event").add("is missing")
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
            faults.add("at least one share must be more than 0")
            return None
        return shares

    def schema(self) -> Schema:
        return _ways({"type": "number", "minimum": 0, "maximum": 1_000_000})


class Variants(ParameterType):
    """Name → {template, share}; a share left out is 1."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> dict[str, dict[str, Any]] | None:
        variants = _each(value, faults, lambda part, here: self._variant(part, here, catalog))
        if variants is not None and not sum(variant["share"] for variant in variants.values()) > 0:
            faults.add("at least one share must be more than 0")
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


class UntilType(ParameterType):
    """``{time, weekdays?}``, ``{weekdays}``, ``{trait, offset?}``, or a date and time as text."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Until | None:
        if isinstance(value, str):
            return self._fixed(value, faults)
        if not isinstance(value, Mapping) or not value.keys() & {"time", "weekdays", "trait"}:
            faults.add(
                "must be {time, weekdays}, {weekdays}, {trait, offset}, or a date and time such as 2027-03-21T08:00"
            )
            return None
        before = len(faults.found)
        if "trait" in value:
            read_mapping(value, faults, ("trait", "offset"))
            trait = read_text(value["trait"], faults.at("trait"))
            offset = None if value.get("offset") is None else read_duration(value["offset"], faults.at("offset"))
            return TraitDate(trait, offset) if trait and len(faults.found) == before else None
        read_mapping(value, faults, ("time", "weekdays"))
        weekdays = self._weekdays(value["weekdays"], faults.at("weekdays")) if "weekdays" in value else ()
        clock = None
        if "time" in value:
            written = value["time"]
            clock = parse_time(written) if isinstance(written, str) else None
            if clock is None:
                faults.at("time").add(f'must be a time of day such as "10:00", not {named(written)}')
        if len(faults.found) > before:
            return None
        return ClockTime(clock, weekdays) if clock else Weekdays(weekdays)

    def _fixed(self, value: str, faults: Faults) -> FixedMoment | None:
        moment = parse_moment(value)
        if moment is None:
            faults.add(f"must be a date and time such as 2027-03-21T08:00, not {named(value)}")
        return moment

    def _weekdays(self, value: Any, faults: Faults) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            faults.add(f"must be a list of days: {', '.join(WEEKDAYS)}")
            return ()
        days = [read_choice(day, faults.at(number), WEEKDAYS) for number, day in enumerate(value)]
        return tuple(day for day in days if day)

    def schema(self) -> Schema:
        clock = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}
        days = {"type": "array", "minItems": 1, "items": {"enum": list(WEEKDAYS)}}
        duration = {"$ref": "#/$defs/duration"}
        text = {"type": "string", "minLength": 1, "maxLength": MAX_NAME}
        return {
            "anyOf": [
                _object({"time": clock, "weekdays": days}, "time"),
                _object({"weekdays": days}, "weekdays"),
                _object({"trait": text, "offset": duration}, "trait"),
                {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?$"},
            ]
        }


def _ways(part: Schema) -> Schema:
    return {"type": "object", "minProperties": 1, "maxProperties": MAX_WAYS, "additionalProperties": part}


def _object(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


TYPES: Mapping[str, ParameterType] = {
    "text": Text(),
    "number": Number(),
    "boolean": Boolean(),
    "any": AnyValue(),
    "values": Values(),
    "duration": DurationType(signed=False),
    "offset": DurationType(signed=True),
    "template": Template(),
    "tag": Name(),
    "trait": Name(),
    "segment": Segment(),
    "event": Name(),
    "condition": ConditionType(),
    "where": WhereType(),
    "awaited": AwaitedType(),
    "branches": Branches(),
    "shares": Shares(),
    "variants": Variants(),
    "until": UntilType(),
}
