"""The test server itself, and its databases."""

import os
import time

import psycopg
import pytest

from safar.postgres import testing
from safar.postgres.testing import fresh_database, test_server, with_database
from safar.postgres.tests.hands import remember


def test_workers_of_one_run_share_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAFAR_TEST_DATABASE_URL", raising=False)
    monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", f"shared{os.getpid()}")
    home = testing.temporary_place() / f"safar-test-{os.geteuid()}-shared{os.getpid()}"
    with test_server() as one:
        with test_server() as two:
            assert one == two
        remember(one, "still here")
        with psycopg.connect(one) as conn:
            assert conn.execute("SHOW fsync").fetchone() == ("off",)
        # What a run killed long ago left is cleared, and what is in use is not.
        long_ago = time.time() - 3600
        dead = home.with_name(f"{home.name}-dead")
        dead.mkdir()
        for path in (home, dead):
            os.utime(path, (long_ago, long_ago))
        testing._clear_left_over(home.parent)
        assert home.exists()
        assert not dead.exists()
    assert not home.exists()


def test_a_configured_server_is_taken(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFAR_TEST_DATABASE_URL", server_url)
    with test_server() as found:
        assert found == server_url


def test_a_fresh_database_is_empty_and_goes(server_url: str) -> None:
    with fresh_database(server_url) as one:
        remember(one, "template")
        with fresh_database(server_url, template=psycopg.conninfo.conninfo_to_dict(one)["dbname"]) as two:
            remember(two, "copy")
            with psycopg.connect(two) as conn:
                assert conn.execute("SELECT count(*) FROM memory").fetchone() == (2,)
                held = psycopg.connect(two)  # whoever is still connected does not keep it
        with pytest.raises(psycopg.OperationalError):
            held.execute("SELECT 1")
    names = [psycopg.conninfo.conninfo_to_dict(gone)["dbname"] for gone in (one, two)]
    with psycopg.connect(server_url) as conn:
        assert conn.execute("SELECT datname FROM pg_database WHERE datname = ANY(%s)", (names,)).fetchall() == []


def test_with_database_takes_both_forms() -> None:
    assert with_database("postgresql://s:p@/safar?host=%2Frun&port=1", "x") == "postgresql://s:p@/x?host=%2Frun&port=1"
    assert with_database("host=db dbname=safar", "x") == "dbname=x host=db"
