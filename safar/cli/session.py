"""What a command needs before it can call a service: Django set up, a connection, the workspace that is meant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from safar.cli.failures import Failure
from safar.lib.faults import did_you_mean

if TYPE_CHECKING:
    from psycopg import Connection

    from safar.accounts.models import Workspace


def prepare() -> None:
    """Set Django up with our settings. Raises Refused with every fault of the environment values."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.config.settings")
    django.setup()


def find_database() -> str:
    """The URL of the database; the embedded server is started if need be, and used until this command ends."""
    from safar.postgres.connections import database_url

    return database_url(os.environ)


@contextmanager
def connection() -> Iterator[Connection[Any]]:
    """A connection (autocommit: services open their transactions); the embedded server runs as long as it is needed."""
    prepare()
    from safar.postgres.connections import connect

    with connect(find_database(), application_name="safar command") as conn:
        yield conn


def choose_workspace(slug: str | None) -> Workspace:
    """The workspace called ``slug``, or the only one there is. Raises Failure naming those there are."""
    prepare()
    from safar.accounts.models import Workspace

    known = {workspace.slug: workspace for workspace in Workspace.objects.order_by("slug")}
    if slug is not None and slug in known:
        return known[slug]
    if slug is None and len(known) == 1:
        return next(iter(known.values()))
    if not known:
        raise Failure("There is no workspace yet.", "Make one: safar workspace create SLUG")
    if slug is None:
        raise Failure("There are several workspaces.", f"Say which with --workspace: {', '.join(known)}")
    raise Failure(f"There is no workspace {slug!r}{did_you_mean(slug, known)}.", f"There are: {', '.join(known)}")
