"""The floor: the engine's own row writes as plain statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from safar.bench.engine.crowd import Stage
from safar.bench.statements import statements_of
from safar.lib.sqlfile import load_sql


class Floor:
    """Moves one crowd from `first` to `second`. ``prepare`` is not measured, ``run`` is."""

    def __init__(self, stage: Stage, low: int, high: int) -> None:
        self.stage, self.low, self.high = stage, low, high

    def prepare(self, code: int) -> int:
        """code: an element of the trail as the engine wrote it. Returns the points that will be passed."""
        connection = self.stage.connection
        connection.execute("DROP TABLE IF EXISTS bench_moves")
        parameters = {"low": self.low, "high": self.high, "journey": self.stage.version.journey_id, "code": code}
        connection.execute(_bound(connection, load_sql("safar.bench.engine", "floor_moves"), parameters))
        connection.execute("CREATE INDEX ON bench_moves (lane)")
        connection.execute("VACUUM (ANALYZE) bench_moves")
        connection.execute(
            "INSERT INTO timer (lane, slot, subjects) SELECT lane, date_bin('1 minute', at, 'epoch'), array_agg(contact_id)"
            " FROM bench_moves GROUP BY 1, 2"
        )
        row = connection.execute(
            "SELECT count(*) * 3 + count(*) FILTER (WHERE tagged) + count(*) FILTER (WHERE written) FROM bench_moves"
        )
        found = row.fetchone()
        assert found is not None
        return int(found[0])

    def run(self, connection: psycopg.Connection[Any], horizon: datetime) -> None:
        lanes = [row[0] for row in connection.execute("SELECT id FROM lane ORDER BY id").fetchall()]
        for lane in lanes:
            with connection.transaction():
                connection.execute("SELECT clock FROM lane WHERE id = %s FOR UPDATE", (lane,))
                for statement in statements_of("safar.bench.engine", "floor"):
                    connection.execute(statement, {"lane": lane, "horizon": horizon})


def _bound(connection: psycopg.Connection[Any], statement: str, parameters: dict[str, Any]) -> bytes:
    """The statement with its values in it: what makes a table takes no parameters."""
    return psycopg.ClientCursor(connection).mogrify(statement, parameters).encode()
