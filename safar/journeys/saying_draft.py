"""What a map says of a draft that may be unfinished: one line and the ways out of each point, by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.definition.describe import describe_settings
from safar.journeys.definition.model import Definition
from safar.journeys.kinds import Kind
from safar.journeys.registry import points, starting_points
from safar.journeys.saying import say_condition
from safar.journeys.words import choose

Draft = Mapping[str, Any]
_RESERVED = ("kind", "paths", "next", "filter")


def say_points(draft: Draft, language: str) -> dict[str, str]:
    """``points.greet`` → one line; empty where the kind is not known or what is written says nothing yet."""
    found = {}
    for section, kinds in (("start", starting_points()), ("points", points())):
        for key, written in _section(draft, section):
            kind = kinds.get(str(written.get("kind")))
            found[f"{section}.{key}"] = _say(kind, written, language) if kind else ""
    return found


def ways_of_points(draft: Draft) -> dict[str, list[str]]:
    """``points.greet`` → the ways out that its kind has, in order, then those that are written and that it has not."""
    found = {}
    for section, kinds in (("start", starting_points()), ("points", points())):
        for key, written in _section(draft, section):
            kind = kinds.get(str(written.get("kind")))
            ways = list(_ways(kind, written)) if kind else []
            found[f"{section}.{key}"] = [*ways, *(path for path in _written_paths(written) if path not in ways)]
    return found


def say_settings(definition: Definition | None, language: str) -> list[str]:
    """What the settings say, a line each; nothing while they are wrong."""
    return describe_settings(definition, language) if definition else []


def _say(kind: Kind, written: Draft, language: str) -> str:
    params = {name: value for name, value in written.items() if name not in _RESERVED}
    try:
        said = kind.summary(params, language)
    except Exception:  # a kind may take for granted what is not written yet: the map shows its label then
        return ""
    if written.get("filter") is None:
        return said
    only = say_condition(written["filter"], language)
    return choose(language, f"{said}, if {only}", f"{said}، اگر {only}")


def _ways(kind: Kind, written: Draft) -> list[str]:
    """As written is enough for names of paths: a branch whose condition is wrong has its way out all the same."""
    try:
        return [str(path) for path in kind.paths(written)]
    except Exception:
        return []


def _written_paths(written: Draft) -> list[str]:
    paths = written.get("paths")
    found = [str(path) for path in paths] if isinstance(paths, Mapping) else []
    return [*found, "next"] if "next" in written and "next" not in found else found


def _section(draft: Draft, name: str) -> list[tuple[str, Draft]]:
    section = draft.get(name)
    if not isinstance(section, Mapping):
        return []
    return [(str(key), written) for key, written in section.items() if isinstance(written, Mapping)]
