"""The SQL files of a room as statements: comments off, slots filled with other files of ours, never with user text."""

from __future__ import annotations

from functools import cache

from psycopg.sql import SQL

from safar.lib.sqlfile import load_sql


@cache
def statement(name: str, package: str = "safar.outbox", **slots: str) -> SQL:
    """The statement in ``name``.sql. A slot stands in it as ``{slot}``; each slot has to be filled.

    Raises ValueError for a slot that the file does not have.
    """
    text = without_comments(load_sql(package, name))
    for slot, filling in slots.items():
        if "{" + slot + "}" not in text:
            raise ValueError(f"{name}.sql has no slot {slot}")
        text = text.replace("{" + slot + "}", filling)
    return SQL(text)


def without_comments(text: str) -> str:
    """The lines that are not comments as a whole: they would cross the wire with every statement."""
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("--"))


@cache
def told() -> str:
    """The slot by which final outcomes go back to the engine as events."""
    return without_comments(load_sql("safar.outbox", "told"))
