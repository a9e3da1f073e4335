"""The JSON Schema of conditions, made from the kinds."""

from __future__ import annotations

from safar.lib.durations import CALENDARS
from safar.segments.kinds import Schema, condition_kinds

_DURATION = (
    r"^[+-]?P(?=.)(\d{1,9}Y)?(\d{1,9}M)?(\d{1,9}W)?(\d{1,9}D)?"
    r"(T(?=.)(\d{1,9}H)?(\d{1,9}M)?(\d{1,9}([.,]\d{1,6})?S)?)?$"
)


def condition_definitions() -> Schema:
    """Definitions for the ``$defs`` of a schema that speaks of conditions as ``{"$ref": "#/$defs/condition"}``."""
    return {
        "condition": {
            "anyOf": [
                {
                    "title": kind.label["en"],
                    "description": kind.help["en"],
                    "examples": [dict(e) for e in kind.examples],
                    **kind.schema(),
                }
                for kind in condition_kinds().values()
            ]
        },
        "duration": {"type": "string", "pattern": _DURATION, "examples": ["P3D", "P1M", "PT36H"]},
        "calendar": {"enum": list(CALENDARS)},
    }


def condition_schema() -> Schema:
    """JSON Schema (2020-12) of one condition."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/condition",
        "$defs": condition_definitions(),
    }
