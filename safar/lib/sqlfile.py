"""SQL that lies in files beside its caller."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load_sql(package: str, name: str) -> str:
    """The text of `name` (with or without .sql) in a package's folder, such as ``load_sql("safar.postgres", "functions")``.

    FileNotFoundError where there is none.
    """
    return (files(package) / (name if name.endswith(".sql") else f"{name}.sql")).read_text(encoding="utf-8")
