"""The walk of tenants: every address × method × role, with one's own ids and with another workspace's.

A room of pages says in ``<room>/tests/walk.py`` what stands behind each of its addresses, and puts something to be stolen there::

    ENTRIES = {
        "contacts": Entry(),                                              # a viewer reads, an editor writes
        "contact_erase": Entry("admin", ids={"contact_id": "contact"}),   # both admins
    }

    def fill(side: Side) -> None:
        side.ids["contact"] = make_contact(side.workspace, name=side.marker)

An address without an entry fails the walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import psycopg
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from safar.accounts.models import Role, Workspace
from safar.console.urls import rooms

METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
READING = METHODS[:3]


@dataclass(frozen=True)
class Entry:
    """read, write: the roles asked for. ids: argument of the address → name in ``Side.ids``; body: the same for what is posted."""

    read: str = Role.VIEWER
    write: str = ""  # the same as read, or an editor where a viewer reads
    ids: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)

    def needed(self, method: str) -> Role:
        if method in READING:
            return Role(self.read)
        return Role(self.write or (Role.EDITOR if self.read == Role.VIEWER else self.read))


@dataclass
class Side:
    """One of the two workspaces. marker: a word that stands in whatever is kept there, and nowhere else."""

    workspace: Workspace
    marker: str
    ids: dict[str, Any] = field(default_factory=dict)

    def address(self, name: str, entry: Entry, ids: Mapping[str, Any]) -> str:
        """In this workspace, with ids of whichever side."""
        found = {argument: ids[name] for argument, name in entry.ids.items()}
        return reverse(f"console:{name}", kwargs={"workspace_slug": self.workspace.slug, **found})


def entries() -> dict[str, Entry]:
    """Of all rooms, by the names of their addresses."""
    return {name: entry for module in _walks() for name, entry in module.ENTRIES.items()}


def fills() -> list[Callable[[Side], None]]:
    return [module.fill for module in _walks() if hasattr(module, "fill")]


def _walks() -> Iterator[Any]:
    for room in rooms():
        if find_spec(f"safar.console.{room}.tests") and find_spec(f"safar.console.{room}.tests.walk"):
            yield import_module(f"safar.console.{room}.tests.walk")


def names_below(patterns: list[Any] | None = None, spaces: str = "") -> Iterator[str]:
    """Name of every address of the installation, with its namespaces: ``console:home``. Nameless ones by their route."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            space = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from names_below(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            yield spaces + (pattern.name or str(pattern.pattern))


def picture(conn: psycopg.Connection[Any], workspace: Workspace) -> dict[str, str]:
    """A digest of all rows of a workspace, by table: whatever has changed shows."""
    tables = conn.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace"
    ).fetchall()
    which = [(name, "workspace_id") for (name,) in tables] + [("accounts_workspace", "id")]
    return {
        name: str(
            conn.execute(
                psycopg.sql.SQL(
                    "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t WHERE {} = %s"
                ).format(psycopg.sql.Identifier(name), psycopg.sql.Identifier(column)),
                (workspace.pk,),
            ).fetchone()
        )
        for name, column in which
    }
