"""Small pieces of SQL text that every compiled statement shares."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from psycopg.sql import SQL, Composable, Literal

from safar.journeys.compiler.reach import Reach

MASK = (1 << 48) - 1
ARRIVED = 0x7FFF  # instead of a stretch: came to stand at the point `decisions` of this version by moving from another


def sql(text: str) -> SQL:
    """SQL of text made here, of identifiers and numbers of our own; what people typed goes through ``lit`` or ``js``."""
    return SQL(text)


def text(expression: Composable | None) -> str:
    """The SQL text of an expression; NULL for none."""
    return "NULL" if expression is None else expression.as_string(None)


def lit(value: str | float | None) -> str:
    """A bound value as SQL text."""
    return text(Literal(value))


def js(value: Any) -> str:
    """A JSON constant as jsonb."""
    return f"{lit(json.dumps(value, ensure_ascii=False))}::jsonb"


def array(words: Iterable[str]) -> str:
    """A text[] constant."""
    return "ARRAY[" + ", ".join(lit(word) for word in sorted(words)) + "]::text[]"


def reach_text(reach: Reach, number: dict[int, str]) -> str:
    """number: deciding point → SQL of its number."""
    if reach.everybody:
        return "TRUE"
    if not reach.pairs:
        return "FALSE"
    return "(" + " OR ".join(f"{number[point]} = {value}" for point, value in sorted(reach.pairs)) + ")"


HORIZON, NOW, LANE = (
    "(SELECT horizon FROM tick)",
    "(SELECT now FROM tick)",
    "(SELECT lane FROM tick)",
)  # read once a statement


def slot(moment: str) -> str:
    """The slot of a timer: a minute, a second within the next two minutes, the moment itself within two seconds; what is overdue: a minute."""
    return (
        f"CASE WHEN {moment} <= {NOW} OR {moment} > {NOW} + interval '2 minutes' THEN date_bin('1 minute', {moment}, 'epoch')"
        f" WHEN {moment} > {NOW} + interval '2 seconds' THEN date_bin('1 second', {moment}, 'epoch') ELSE {moment} END"
    )


def hints(source: str, moment: str) -> str:
    """INSERT of timers for the rows (contact_id, …) of ``source`` s whose moment is not before the horizon."""
    return f"""INSERT INTO timer (lane, slot, subjects)
    SELECT {LANE}, slot, array_agg(contact_id) FROM (
        SELECT s.contact_id, {slot(moment)} AS slot FROM {source} s WHERE {moment} >= {HORIZON} AND {moment} < 'infinity') h GROUP BY slot"""
