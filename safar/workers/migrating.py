"""Bringing the database's tables to this version: one at a time, whoever asks first."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from safar.postgres.connections import connect

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor

log = logging.getLogger(__name__)

LOCK = 0x5AFA_4D16  # advisory: two `safar run` started at once migrate one after the other


def migrate(url: str, *, verbosity: int = 0) -> list[str]:
    """Apply what is missing and return its names, such as ``contacts.0001_initial``.

    Django has to be set up, and to use the same database.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connect(url, application_name="safar migrate") as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (LOCK,))  # given back when the session ends, however it ends
        try:
            missing = _missing(MigrationExecutor(connection))
            if missing:
                call_command("migrate", interactive=False, verbosity=verbosity)
        finally:
            connection.close()
    return missing


def missing_migrations() -> list[str]:
    """What `migrate` would apply. Reads only."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        return _missing(MigrationExecutor(connection))
    finally:
        connection.close()


def unwritten_changes() -> list[str]:
    """Models that say something no migration says, as ``app: change``; needs no database."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    conflicts = [f"{app}: two last migrations, {', '.join(names)}" for app, names in loader.detect_conflicts().items()]
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    return conflicts + [
        f"{app}: {operation.describe()}"
        for app, migrations in changes.items()
        for migration in migrations
        for operation in migration.operations
    ]


def _missing(executor: MigrationExecutor) -> list[str]:
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, backwards in plan if not backwards]
