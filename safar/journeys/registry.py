"""Every kind that is installed, found once a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from safar.journeys.kinds import Action, Decision, End, Jump, Kind, Park, StartingPoint
from safar.lib.kinds import KindFault, find_kinds

ROLES: tuple[tuple[type[Kind], str], ...] = (
    (StartingPoint, "starting point"),
    (Decision, "rule"),
    (Park, "rule"),
    (Jump, "rule"),
    (End, "rule"),
    (Action, "action"),
)


@cache
def starting_points() -> Mapping[str, StartingPoint]:
    """Kinds that stand under ``start``, by key. Raises KindFault where two share a key."""
    return MappingProxyType(find_kinds("safar.journeys.starting_points", StartingPoint))  # type: ignore[type-abstract]


@cache
def points() -> Mapping[str, Kind]:
    """Kinds that stand under ``points``, rules and actions, by key. Raises KindFault where two share a key."""
    found: dict[str, Kind] = {}
    for package, role in (("rules", Decision), ("rules", Park), ("rules", Jump), ("rules", End), ("actions", Action)):
        for key, kind in find_kinds(f"safar.journeys.{package}", role).items():
            if key in found:
                raise KindFault(f"two kinds are called {key}: {type(found[key])} and {type(kind)}")
            found[key] = kind
    return MappingProxyType(dict(sorted(found.items())))


def section_of(kind: Kind) -> str:
    """``starting point``, ``rule`` or ``action``."""
    return next(section for role, section in ROLES if isinstance(kind, role))


def list_kinds() -> list[dict[str, Any]]:
    """What ``safar kinds`` shows and the reference is made from: one mapping a kind, starting points, rules, actions.

    Keys: kind, section, label, help (language → text), paths (null where the parameters name them), parameters (name,
    type, label, help, required, choices, default), example.
    """
    kinds = sorted(
        [*starting_points().values(), *points().values()],
        key=lambda kind: ([s for _, s in ROLES].index(section_of(kind)), kind.key),
    )
    return [
        {
            "kind": kind.key,
            "section": section_of(kind),
            "label": dict(kind.label),
            "help": dict(kind.help),
            "paths": fixed_paths(kind),
            "parameters": [
                {
                    "name": parameter.name,
                    "type": parameter.type,
                    "label": dict(parameter.label),
                    "help": dict(parameter.help),
                    "required": parameter.required,
                    "choices": list(parameter.choices),
                    "default": parameter.default,
                }
                for parameter in kind.parameters
            ],
            "example": dict(kind.example),
        }
        for kind in kinds
    ]


def fixed_paths(kind: Kind) -> list[str] | None:
    """The paths of a kind that has always the same ones; None where its parameters name them."""
    try:
        return list(kind.paths({}))
    except KeyError:
        return None
