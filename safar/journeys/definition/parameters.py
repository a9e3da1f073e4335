"""Types of parameters: how each is read and checked, and its JSON Schema. Those that have parts are in compound.py."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from safar.journeys.definition.collecting import mend
from safar.lib.durations import Duration, parse_duration
from safar.lib.faults import Faults, said, told
from safar.segments.catalog import Catalog

MAX_TEXT = 5_000
MAX_NAME = 200
Schema = dict[str, Any]


class ParameterType(ABC):
    """One type. ``read`` gives the checked value, or adds at least one fault and gives None."""

    @abstractmethod
    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Any: ...

    @abstractmethod
    def schema(self) -> Schema: ...


def named(value: Any) -> str:
    """What a value is, in the words of whoever wrote it."""
    if value is None:
        return said("nothing")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return said("the number %(value)s", value=value)
    if isinstance(value, str):
        return said("the text '%(value)s'", value=value[:40])
    return said("a mapping") if isinstance(value, Mapping) else said("a list")


def read_text(value: Any, faults: Faults, limit: int = MAX_NAME) -> str | None:
    """A text with something in it, at most ``limit`` characters."""
    if not isinstance(value, str):
        quotes = said("; put it in quotes") if isinstance(value, (int, float)) else ""
        faults.add(said("must be text, not %(found)s%(quotes)s", found=named(value), quotes=quotes))
    elif not value.strip():
        faults.add(said("must not be empty"))
    elif len(value) > limit:
        faults.add(said("must not be longer than %(limit)s characters", limit=limit))
    else:
        return value
    return None


def read_number(
    value: Any, faults: Faults, least: float | None = None, most: float | None = None
) -> int | float | None:
    """A number, least and most included."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        faults.add(said("must be a number, not %(found)s", found=named(value)))
    elif (least is not None and value < least) or (most is not None and value > most):
        span = (
            said("from %(least)s to %(most)s", least=f"{least:g}", most=f"{most:g}")
            if least is not None and most is not None
            else said("at least %(least)s", least=f"{least:g}")
        )
        faults.add(said("must be %(span)s, not %(value)s", span=span, value=value))
    else:
        number: int | float = value
        return number
    return None


def read_duration(value: Any, faults: Faults) -> Duration | None:
    """An ISO 8601 duration."""
    if not isinstance(value, str):
        faults.add(said("must be a duration such as P3D or PT2H, not %(found)s", found=named(value)))
        return None
    try:
        return parse_duration(value)
    except ValueError as wrong:
        faults.add(told(wrong))
        return None


def read_mapping(value: Any, faults: Faults, known: Sequence[str] = ()) -> Mapping[str, Any] | None:
    """A mapping; with ``known``, a fault for each other key (the mapping comes back all the same)."""
    if not isinstance(value, Mapping):
        faults.add(said("must be a mapping, not %(found)s", found=named(value)))
        return None
    for key in value:
        if known and key not in known:
            faults.at(key).add(said("there is no key '%(key)s' here%(hint)s", key=key, hint=mend(key, known, faults)))
    return value


def read_choice(value: Any, faults: Faults, choices: Sequence[str]) -> str | None:
    """One of the choices."""
    if isinstance(value, str) and value in choices:
        return value
    guess = mend(value, choices, faults) if isinstance(value, str) else ""
    faults.add(
        said(
            "must be one of %(known)s, not %(found)s%(guess)s",
            known=", ".join(choices),
            found=named(value),
            guess=guess,
        )
    )
    return None


class Text(ParameterType):
    def read(self, value: Any, faults: Faults, catalog: Catalog) -> str | None:
        return read_text(value, faults, MAX_TEXT)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}


class Name(ParameterType):
    """A word of somebody's choosing: a tag, a trait, an event."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> str | None:
        return read_text(value, faults)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": MAX_NAME}


class Template(Name):
    """The key of a template; looked up where the catalog knows the templates."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> str | None:
        key = read_text(value, faults)
        if key is not None and catalog.templates is not None and key not in catalog.templates:
            faults.add(
                said("there is no template '%(key)s'%(hint)s", key=key, hint=mend(key, catalog.templates, faults))
            )
            return None
        return key


class Destination(Name):
    """Where the team hears: the name of a destination, or an e-mail address; looked up where a version is published."""


class Segment(Name):
    """The key of a saved segment."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> str | None:
        key = read_text(value, faults)
        if key is not None and key not in catalog.segments:
            faults.add(said("there is no segment '%(key)s'%(hint)s", key=key, hint=mend(key, catalog.segments, faults)))
            return None
        return key


class Number(ParameterType):
    def read(self, value: Any, faults: Faults, catalog: Catalog) -> int | float | None:
        return read_number(value, faults)

    def schema(self) -> Schema:
        return {"type": "number"}


class Boolean(ParameterType):
    def read(self, value: Any, faults: Faults, catalog: Catalog) -> bool | None:
        if isinstance(value, bool):
            return value
        faults.add(said("must be true or false, not %(found)s", found=named(value)))
        return None

    def schema(self) -> Schema:
        return {"type": "boolean"}


class AnyValue(ParameterType):
    """A single value that a trait can have: text, number, true, false, or null for none."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Any:
        if isinstance(value, (Mapping, list)):
            faults.add(said("must be a single value, not %(found)s", found=named(value)))
            return None
        return value

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean", "null"]}


class Values(ParameterType):
    """Names → values of any shape."""

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Mapping[str, Any] | None:
        found = read_mapping(value, faults)
        if found is not None and not found:
            faults.add(said("must not be empty"))
        for name in found or ():
            read_text(name, faults.at(name))
        return found

    def schema(self) -> Schema:
        return {"type": "object", "minProperties": 1}


class DurationType(ParameterType):
    """signed: whether a negative one has a meaning."""

    def __init__(self, signed: bool) -> None:
        self._signed = signed

    def read(self, value: Any, faults: Faults, catalog: Catalog) -> Duration | None:
        duration = read_duration(value, faults)
        if duration is not None and not self._signed and duration != Duration() and not duration.positive:
            faults.add(said("must not be negative, as %(value)s is", value=value))
            return None
        return duration

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/duration"}
