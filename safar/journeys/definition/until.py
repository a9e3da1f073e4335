"""The parameter type ``until``: the moment a delay waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    ParameterType,
    Schema,
    named,
    read_choice,
    read_duration,
    read_mapping,
    read_text,
)
from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog

_MOMENT: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?$"}


class UntilType(ParameterType):
    """``{time, weekdays?}``, ``{weekdays}``, ``{trait, offset?}``, or a date and time as text."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Until | None:
        if isinstance(value, str):
            return read_moment(value, faults)
        if not isinstance(value, Mapping) or not value.keys() & {"time", "weekdays", "trait"}:
            faults.add(
                said(
                    "must be {time, weekdays}, {weekdays}, {trait, offset}, or a date and time such as 2027-03-21T08:00"
                )
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
                faults.at("time").add(
                    said('must be a time of day such as "10:00", not %(found)s', found=named(written))
                )
        if len(faults.found) > before:
            return None
        return ClockTime(clock, weekdays) if clock else Weekdays(weekdays)

    def _weekdays(self, value: Any, faults: Faults) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            faults.add(said("must be a list of days: %(known)s", known=", ".join(WEEKDAYS)))
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
                dict(_MOMENT),
            ]
        }


class MomentType(ParameterType):
    """A date, or a date and time, as text."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> FixedMoment | None:
        return read_moment(value, faults)

    def schema(self) -> Schema:
        return dict(_MOMENT)


def read_moment(value: Any, faults: Faults) -> FixedMoment | None:
    moment = parse_moment(value) if isinstance(value, str) else None
    if moment is None:
        faults.add(said("must be a date and time such as 2027-03-21T08:00, not %(found)s", found=named(value)))
    return moment


def _object(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
