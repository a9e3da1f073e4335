"""Scratch schemas live as long as their session and not a clean-up longer."""

import psycopg
import pytest

from safar.postgres.connections import connect
from safar.postgres.scratch import drop_stale_scratch, scratch_schema


def schemas(url: str) -> set[str]:
    with connect(url, application_name="t") as conn:
        return {name for (name,) in conn.execute(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 'scratch\_%'")}


def test_a_schema_of_ones_own(empty_database_url: str) -> None:
    with scratch_schema(empty_database_url, "backtest") as one, scratch_schema(empty_database_url, "backtest") as two:
        for conn in (one, two):
            conn.execute("CREATE TABLE contact (id int)")
        name = one.execute("SELECT current_schema()").fetchone()
        assert name != two.execute("SELECT current_schema()").fetchone()
        assert one.execute("SHOW search_path").fetchone() == (f"{name[0]}, public",) if name else False
        assert len(schemas(empty_database_url)) == 2
    assert schemas(empty_database_url) == set()


def test_it_goes_after_an_error_of_the_callers(empty_database_url: str) -> None:
    def fail() -> None:
        with scratch_schema(empty_database_url, "t") as conn:
            conn.autocommit = False
            conn.execute("SELECT 1/0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        fail()
    assert schemas(empty_database_url) == set()


def test_only_what_nobody_holds_is_stale(empty_database_url: str) -> None:
    with (
        connect(empty_database_url, application_name="t") as conn,
        scratch_schema(empty_database_url, "alive") as alive,
    ):
        with scratch_schema(empty_database_url, "dead") as dead:
            dead.execute("CREATE TABLE t AS SELECT 1")
            # The session ends as by kill -9: the creator cannot drop anything any more.
            conn.execute("SELECT pg_terminate_backend(%s, 5000)", (dead.info.backend_pid,))
        conn.execute("CREATE SCHEMA scratch_of_sara")  # a name like ours, but not ours
        assert [name.rpartition("_")[0] for name in drop_stale_scratch(conn)] == ["scratch_dead"]
        assert drop_stale_scratch(conn) == []
        alive.execute("CREATE TABLE t AS SELECT 1")
        conn.execute("DROP SCHEMA scratch_of_sara")
    assert schemas(empty_database_url) == set()


@pytest.mark.parametrize("prefix", ["", "Back", "a;b", "1a", "a" * 31])
def test_prefixes_are_plain(empty_database_url: str, prefix: str) -> None:
    with pytest.raises(ValueError, match="scratch prefix"), scratch_schema(empty_database_url, prefix):
        pass
