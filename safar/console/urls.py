"""Every address of the console. A room of pages is a folder with a `urls.py`; it is found here and stands under `/w/<slug>/`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.urls import URLPattern, URLResolver, include, path

from safar import console


def rooms() -> list[str]:
    """Names of the folders that have addresses, in the order of the alphabet."""
    found = (info.name for info in iter_modules(console.__path__) if info.ispkg)
    return sorted(name for name in found if find_spec(f"safar.console.{name}.urls"))


def _patterns_of(room: str) -> list[URLPattern | URLResolver]:
    patterns: list[URLPattern | URLResolver] = import_module(f"safar.console.{room}.urls").urlpatterns
    return patterns


pages = [pattern for room in rooms() for pattern in _patterns_of(room)]

urlpatterns = [
    path("", include("safar.console.entrance.addresses")),
    path("w/<slug:workspace_slug>/", include((pages, "console"))),
]
