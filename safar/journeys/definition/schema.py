"""The JSON Schema of definitions, made from the kinds: what an editor completes and underlines.

It says less than the parser (nothing of where paths lead, or of circles), and never refuses what the parser takes.
"""

from __future__ import annotations

from typing import Any

from safar.journeys.definition.model import DUTIES, LANGUAGES
from safar.journeys.definition.parameters import MAX_NAME, Schema
from safar.journeys.definition.sections import MAX_POINTS, MAX_STARTS
from safar.journeys.definition.types import TYPES
from safar.journeys.kinds import Kind, Parameter, StartingPoint
from safar.journeys.registry import fixed_paths, points, starting_points
from safar.segments.operators import where_schema
from safar.segments.schema import condition_definitions

_ID = "^[a-z][a-z0-9_-]{0,63}$"


def journey_schema() -> Schema:
    """JSON Schema (2020-12) of one definition."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Safar journey",
        "type": "object",
        "properties": {
            "journey": {
                "type": "string",
                "pattern": _ID,
                "description": "Key, unique in the workspace, never renamed.",
            },
            "title": {
                "anyOf": [_text(), _object({language: _nullable(_text()) for language in LANGUAGES}), {"type": "null"}]
            },
            "serves": _nullable({"enum": list(DUTIES)}),
            "settings": _nullable(_settings()),
            "start": {**_map("start"), "minProperties": 1, "maxProperties": MAX_STARTS},
            "points": _nullable({**_map("point"), "maxProperties": MAX_POINTS}),
        },
        "required": ["journey", "start"],
        "additionalProperties": False,
        "$defs": {
            **condition_definitions(),
            "where": where_schema(),
            "awaited_event": {
                "anyOf": [_text(), _object({"event": _text(), "where": _nullable(_ref("where"))}, "event")]
            },
            "target": {"anyOf": [{"type": "string", "pattern": _ID}, {"type": "null"}]},
            "start": {"oneOf": [kind_schema(kind) for kind in starting_points().values()]},
            "point": {"oneOf": [kind_schema(kind) for kind in points().values()]},
        },
    }


def kind_schema(kind: Kind) -> Schema:
    """A point of one kind: its parameters, and its paths where they are always the same."""
    properties: Schema = {"kind": {"const": kind.key}}
    properties |= {parameter.name: _parameter(parameter) for parameter in kind.parameters}
    paths = fixed_paths(kind)
    if isinstance(kind, StartingPoint):
        properties["filter"] = _nullable(_ref("condition"))
    if paths is None:
        properties["paths"] = _nullable({"type": "object", "additionalProperties": _ref("target")})
    else:
        properties["paths"] = _nullable(_object({path: _ref("target") for path in paths}))
    if paths is None or "next" in paths:
        properties["next"] = _ref("target")
    required = ["kind", *(parameter.name for parameter in kind.parameters if parameter.required)]
    return {"title": kind.label["en"], "description": kind.help["en"], **_object(properties, *required)}


def _parameter(parameter: Parameter) -> Schema:
    schema: Schema = {"enum": list(parameter.choices)} if parameter.choices else TYPES[parameter.type].schema()
    if not parameter.required and parameter.type != "any":
        schema = _nullable(schema)
    about: Schema = {"title": parameter.label["en"]}
    if parameter.help:
        about["description"] = parameter.help["en"]
    if parameter.default is not None:
        about["default"] = parameter.default
    return {**about, **schema}


def _settings() -> Schema:
    duration = _ref("duration")
    goal = {
        "event": _text(),
        "where": _nullable(_ref("where")),
        "within": _nullable(duration),
        "money": _nullable(_text()),
    }
    return _object(
        {
            "reentry": _nullable({"anyOf": [{"enum": ["never", "always"]}, duration]}),
            "one_per": _nullable(_text()),
            "goal": _nullable(_object(goal, "event")),
            "exit_when": _nullable(_ref("condition")),
            "control_group": _nullable({"type": "number", "minimum": 0, "maximum": 100}),
        }
    )


def _text() -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": MAX_NAME}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _map(name: str) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": _ID}, "additionalProperties": _ref(name)}


def _object(properties: dict[str, Any], *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
