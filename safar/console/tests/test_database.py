"""A page's session is begun once and used again: clean, answering, and by one page at a time."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from safar.console import database
from safar.console.database import session


@pytest.fixture(autouse=True)
def nobody_rests(database_url: str) -> Iterator[None]:
    def close() -> None:
        while database._resting:
            database._resting.pop()[2].close()

    close()
    yield
    close()


def backend(conn: psycopg.Connection[object]) -> int:
    return conn.info.backend_pid


def test_the_next_page_takes_it_clean() -> None:
    with session() as conn:
        first = backend(conn)
        conn.execute("SET search_path = pg_catalog; SET statement_timeout = 5; CREATE TEMP TABLE mine (n int)")
        conn.execute("SELECT pg_advisory_lock(5)")
    with session(2.5) as conn:
        assert backend(conn) == first
        assert conn.execute("SHOW statement_timeout").fetchone() == ("2500ms",)
        assert conn.execute("SELECT to_regclass('mine'), current_setting('search_path') = 'pg_catalog'").fetchone() == (
            None,
            False,
        )
        assert conn.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        ).fetchone() == (0,)
    with session() as conn:
        assert (backend(conn), conn.execute("SHOW statement_timeout").fetchone()) == (first, ("1min",))


def test_two_at_once_have_two() -> None:
    with session() as one, session() as other:
        assert backend(one) != backend(other)
    assert len(database._resting) == 2


def test_what_went_wrong_or_was_made_an_engines_is_not_kept() -> None:
    with pytest.raises(psycopg.errors.DivisionByZero), session() as conn:
        conn.execute("SELECT 1 / 0")
    with session() as conn:
        conn.prepare_threshold = 0
    with session() as conn:
        conn.execute("BEGIN")
    assert not database._resting


def test_one_that_is_dead_or_old_or_elsewhere_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with session() as conn:
        dead = backend(conn)
    with psycopg.connect(conn.info.dsn, password=conn.info.password, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (dead,))
    with session() as conn:
        fresh = backend(conn)
        assert fresh != dead
    monkeypatch.setattr(database, "RESTS", 0)
    with session() as conn:
        assert backend(conn) != fresh
