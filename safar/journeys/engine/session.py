"""The engine's database session: settings, scratch tables, and the one way its statements are run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from safar.journeys.engine.plan import Plan
from safar.lib.sqlfile import load_sql

# Every statement is driven from a scratch table of unknown size towards keys of big tables: nested loops over indexes, in the
# order written, are right for ten people and for a hundred thousand, and a plan made early stays right.
_SETTINGS = """
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET join_collapse_limit = 1; SET from_collapse_limit = 1;
SET enable_bitmapscan = off; SET enable_memoize = off; SET enable_material = off; SET jit = off;
SET plan_cache_mode = force_generic_plan; SET temp_buffers = '64MB'; SET TimeZone = 'UTC'; SET client_min_messages = warning
"""
_SCRATCH = (
    "tick",
    "walker",
    "thing",
    "due",
    "caused",
    "turn",
    "left_now",
    "start_now",
    "ranked",
    "ranked_now",
    "entrant",
    "mover",
    "mover_next",
    "hinted",
    "allowed_way",
)


class Session:
    """A connection with scratch tables. ``doing`` says what runs, for whoever must judge an error."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        connection.prepared_max = 800
        connection.prepare_threshold = 0
        self.doing = ""
        self._dead: dict[str, int] = {}
        for statement in _SETTINGS.split(";"):
            connection.execute(statement)
        if connection.execute("SELECT to_regclass('pg_temp.walker')").fetchone() == (None,):
            connection.execute(load_sql("safar.journeys.engine", "scratch"), prepare=False)
        if not connection.autocommit:
            connection.commit()

    def run(
        self, statement: str, parameters: Mapping[str, Any] | None = None, doing: str = ""
    ) -> list[tuple[Any, ...]]:
        """Runs a statement and gives its rows, none for one that returns nothing."""
        self.doing = doing
        cursor = self.connection.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []

    def file(
        self, name: str, package: str = "safar.journeys.engine.sql", /, **parameters: Any
    ) -> list[tuple[Any, ...]]:
        return self.run(load_sql(package, name), parameters or None, doing=name)

    def empty(self, table: str, rows: int) -> None:
        """Empties a scratch table that has ``rows`` rows. Deleting is cheaper, but leaves the rows to be passed over until the tick
        ends; truncating costs every prepared statement on the table a new plan."""
        if rows == 0:
            return
        self._dead[table] = self._dead.get(table, 0) + rows
        if self._dead[table] > max(5000, 4 * rows):
            self.connection.execute(f"TRUNCATE {table}", prepare=False)
            self._dead[table] = 0
        else:
            self.connection.execute(f"DELETE FROM {table}")

    def renew_walkers(self) -> None:
        """Writes walker anew: every round leaves a dead row and a dead index entry a contact, which its transaction cannot clear away,
        and the next rounds step over all of them."""
        for statement in (
            "INSERT INTO walker_kept SELECT * FROM walker",
            "TRUNCATE walker",
            "INSERT INTO walker SELECT * FROM walker_kept",
            "TRUNCATE walker_kept",
        ):
            self.connection.execute(statement, prepare=False)

    def empty_all(self) -> None:
        """At the end of a tick."""
        for table in _SCRATCH:
            if self._dead.get(table, 0) > 2000:
                self.connection.execute(f"TRUNCATE {table}", prepare=False)
                self._dead[table] = 0
            else:
                rows = self.connection.execute(f"DELETE FROM {table}").rowcount
                self._dead[table] = self._dead.get(table, 0) + rows

    def settle(self, plan: Plan) -> None:
        """Tells the scratch tables house, listener and due_way what the plan knows of workspaces and versions."""
        self.connection.execute("DELETE FROM house")
        self.connection.execute("DELETE FROM listener")
        self.connection.execute("DELETE FROM due_way")
        for version in plan.versions.values():
            for place, stretch, target in version.due_ways:
                self.connection.execute(
                    "INSERT INTO due_way VALUES (%s, %s, %s, %s)", (version.version_id, place, stretch, target)
                )
        for workspace in plan.workspaces.values():
            s = workspace.source
            self.connection.execute(
                "INSERT INTO house VALUES (%s, %s, %s, %s, %s)",
                (s.workspace_id, s.zone, s.calendar, s.currency, s.late_events),
            )
            for one in s.listeners:
                self.connection.execute(
                    "INSERT INTO listener VALUES (%s, %s, %s, %s, %s, %s)",
                    (s.workspace_id, one.id, one.url, one.queue, list(one.names), list(one.beginnings)),
                )
