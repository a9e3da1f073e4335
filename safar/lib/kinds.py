"""Kinds: one file each in a folder that is searched at start, and whatever the entry point ``safar.kinds`` brings."""

from __future__ import annotations

import importlib
import pkgutil
from importlib.metadata import entry_points
from typing import TypeVar

T = TypeVar("T")


class KindFault(RuntimeError):
    """Two kinds with one key, or a kind file without a kind: a fault of the installation."""


def find_kinds(package: str, base: type[T]) -> dict[str, T]:
    """Every concrete subclass of ``base`` in the package's modules, as one instance each, by ``key``.

    package: dotted name of the folder. Outside packages add theirs by the entry point group ``safar.kinds``
    (a class of the same base). Raises KindFault where two share a key.
    """
    found: dict[str, T] = {}
    folder = importlib.import_module(package)
    classes: list[type] = []
    for info in pkgutil.iter_modules(folder.__path__):
        if info.name in {"tests"}:
            continue
        module = importlib.import_module(f"{package}.{info.name}")
        classes += [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
    for entry in entry_points(group="safar.kinds"):
        classes.append(entry.load())
    for cls in classes:
        key = cls.__dict__.get("key")
        if not (issubclass(cls, base) and isinstance(key, str) and key):
            continue
        if key in found:
            raise KindFault(f"two kinds are called {key}: {type(found[key])} and {cls}")
        found[key] = cls()
    return dict(sorted(found.items()))
