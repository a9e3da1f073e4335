"""Values of a definition as SQL literals, each with its type.

The SQL is prepared once and used for years, also in statements that have parameters of their own, so no literal holds a
per cent sign: psycopg would take it for a placeholder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from psycopg.sql import SQL, Composable, Composed, Literal

Scalar = str | bool | Decimal


def text(value: str) -> Composable:
    """text."""
    if "%" in value:
        return SQL("({} #>> '{{}}')").format(jsonb(value))
    return SQL("{}::text").format(Literal(value))


def number(value: Decimal | int) -> Composable:
    """numeric."""
    return SQL("{}::numeric").format(Literal(str(value)))


def jsonb(value: object) -> Composable:
    """jsonb, of a scalar or of mappings and lists of them. Inside JSON a per cent sign can be written as an escape."""
    return SQL("{}::jsonb").format(Literal(_json(value).replace("%", "\\u0025")))


def texts(values: Iterable[str]) -> Composable:
    """text[]."""
    return SQL("ARRAY[{}]::text[]").format(SQL(", ").join([text(v) for v in values]))


def jsonbs(values: Iterable[Scalar]) -> Composable:
    """jsonb[]."""
    return SQL("ARRAY[{}]::jsonb[]").format(SQL(", ").join([jsonb(v) for v in values]))


def member(properties: Composable, path: Sequence[str]) -> Composable:
    """The jsonb at a path of keys; NULL where it is missing. Keys address objects only, never places of a list.

    Some senders flatten their objects: a property whose own name is the whole dotted path comes first.
    """
    parts: list[Composable] = [SQL("("), properties]
    for key in path:
        parts += [SQL(" -> "), text(key)]
    nested = Composed([*parts, SQL(")")])
    if len(path) == 1:
        return nested
    return SQL("coalesce({} -> {}, {})").format(properties, text(".".join(path)), nested)


def _json(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(k))}: {_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value)
