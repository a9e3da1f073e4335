"""Files of several statements, run one after the other."""

from __future__ import annotations

from functools import cache

from safar.lib.sqlfile import load_sql


@cache
def statements_of(package: str, name: str) -> tuple[str, ...]:
    """The statements of a file without its comments; none of them holds a semicolon of its own."""
    lines = [line for line in load_sql(package, name).splitlines() if not line.startswith("--")]
    return tuple(text for text in "\n".join(lines).split(";") if text.strip())
