"""As much of a JSON Schema validator as our schemas use, so that the tests need no package for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_KINDS: Mapping[str, Any] = {
    "object": lambda v: isinstance(v, Mapping),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
}
_KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "default", "examples", "format",
    "type", "const", "enum", "anyOf", "oneOf", "properties", "required", "additionalProperties", "propertyNames",
    "minProperties", "maxProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "pattern",
    "minimum", "maximum",
}  # fmt: skip


def refusal(schema: Mapping[str, Any], value: Any, root: Mapping[str, Any] | None = None) -> str | None:
    """Why the value does not fit the schema, or None. KeyError for a reference or a keyword that is not known."""
    root = root or schema
    if strange := set(schema) - _KNOWN:
        raise KeyError(f"keywords {strange}")
    if "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        if why := refusal(found, value, root):
            return why
    for word in ("anyOf", "oneOf"):
        fits = [part for part in schema.get(word, ()) if refusal(part, value, root) is None]
        if word in schema and (not fits or (word == "oneOf" and len(fits) > 1)):
            return f"{value!r} fits {len(fits)} of {word}"
    return _plain(schema, value) or _inside(schema, value, root)


def _plain(schema: Mapping[str, Any], value: Any) -> str | None:
    types = schema.get("type", [])
    if types and not any(_KINDS[name](value) for name in ([types] if isinstance(types, str) else types)):
        return f"{value!r} is no {types}"
    if "const" in schema and value != schema["const"]:
        return f"{value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{value!r} is none of {schema['enum']}"
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            return f"{value!r} has {len(value)} letters"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return f"{value!r} does not match {schema['pattern']}"
    if _KINDS["number"](value) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{value!r} is out of range"
    return None


def _inside(schema: Mapping[str, Any], value: Any, root: Mapping[str, Any]) -> str | None:
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return f"{len(value)} items"
        return next((why for v in value if (why := refusal(schema.get("items", {}), v, root))), None)
    if not isinstance(value, Mapping):
        return None
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        return f"{len(value)} properties"
    if missing := set(schema.get("required", ())) - set(value):
        return f"{missing} missing"
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    for key, part in value.items():
        if why := refusal(schema.get("propertyNames", {}), key, root):
            return why
        if key not in properties and others is False:
            return f"{key!r} is not known"
        if why := refusal(properties.get(key, others), part, root):
            return f"{key}: {why}"
    return None
