"""The engine's tables in a scratch schema: the same files as the migrations, without what a scratch schema does not need."""

from __future__ import annotations

import re
from typing import Any

import psycopg

from safar.lib.sqlfile import load_sql

ROOMS = ("safar.contacts", "safar.events", "safar.segments", "safar.outbox", "safar.journeys")


def create_tables(connection: psycopg.Connection[Any], lanes: int = 1) -> None:
    """Into the first schema of the search_path: functions and tables, ``lanes`` empty lanes. Nothing is logged, nothing partitioned."""
    connection.execute(load_sql("safar.postgres", "functions"), prepare=False)
    connection.execute(load_sql("safar.contacts", "functions"), prepare=False)
    connection.execute(load_sql("safar.channels.quiet", "until"), prepare=False)
    connection.execute(load_sql("safar.journeys.hours", "moment"), prepare=False)
    connection.execute(_plain(load_sql("safar.journeys.hours", "tables")), prepare=False)
    for room in ROOMS:
        connection.execute(_plain(load_sql(room, "tables")), prepare=False)
    connection.execute(_plain(load_sql("safar.contacts", "rates")), prepare=False)
    connection.execute(_plain(load_sql("safar.journeys", "publishing")), prepare=False)
    for more in ("topics", "records", "corrected"):
        connection.execute(_plain(load_sql("safar.contacts", more)), prepare=False)
    connection.execute("INSERT INTO lane (id) SELECT generate_series(0, %s - 1)", (lanes,))
    connection.execute("INSERT INTO bucket_lane SELECT b, b %% %s FROM generate_series(0, 1023) b", (lanes,))


def _plain(ddl: str) -> str:
    ddl = re.sub(r"CREATE TABLE \w+ PARTITION OF [^;]*;", "", ddl)
    ddl = re.sub(r"\)\s*PARTITION BY RANGE \([^)]*\)", ")", ddl)
    ddl = re.sub(r"autovacuum_\w+\s*=\s*[\d.]+,?\s*", "", ddl)
    ddl = re.sub(r",?\s*\)\s*;", ");", ddl)
    return ddl.replace("WITH ();", ";").replace("WITH ( );", ";").replace("CREATE TABLE", "CREATE UNLOGGED TABLE")
