"""Which database, and what every session on it is like."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from safar.postgres import connections
from safar.postgres.binaries import data_home
from safar.postgres.connections import (
    check_server_version,
    connect,
    database_url,
    wait_until_ready,
    without_password,
)
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import FolderRefused, ServerFault, ServerSilent, UnsupportedServer
from safar.postgres.tests.hands import postmaster, remember, wait_gone


def test_the_configured_server_goes_first(home: Path) -> None:
    env = {"SAFAR_DATABASE_URL": "postgresql://sara@db.example/safar", "SAFAR_DATA_DIR": str(home)}
    assert database_url(env) == "postgresql://sara@db.example/safar"
    assert list(home.iterdir()) == []
    with pytest.raises(ServerFault, match=r"SAFAR_DATABASE_URL is not a database URL.*postgresql://user") as caught:
        database_url({"SAFAR_DATABASE_URL": "postgresql//sara:secret@db.example/safar"})
    assert "secret" not in str(caught.value)


def test_without_one_the_embedded_server_is_used_and_kept_alive(lived_in: Path) -> None:
    env = {"SAFAR_DATA_DIR": str(lived_in)}
    url = database_url(env)
    remember(url, "kept")
    other = EmbeddedServer(lived_in)
    assert other.start() == url
    pid = postmaster(other)
    assert other.stop() is False  # database_url's own use
    os.kill(pid, 9)
    assert database_url(env) == url
    assert connections._servers.pop(lived_in.resolve()).stop() is True
    wait_gone(lived_in)


def test_where_the_data_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    assert data_home({"SAFAR_DATA_DIR": "/srv/safar", "XDG_DATA_HOME": "/xdg"}) == Path("/srv/safar")
    assert data_home({"XDG_DATA_HOME": "/xdg"}) == Path("/xdg/safar")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert data_home({"XDG_DATA_HOME": "relative"}) == Path("/var/lib/safar")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/sara")
    assert data_home({}) == Path("/home/sara/.local/share/safar")
    with pytest.raises(FolderRefused, match="SAFAR_DATA_DIR"):
        data_home({"SAFAR_DATA_DIR": "~nobody-of-this-name/safar"})


def test_every_session_has_our_settings(empty_database_url: str) -> None:
    with connect(
        empty_database_url, application_name="safar engine", idle_in_transaction_timeout=10, statement_timeout=1.5
    ) as conn:
        names = ("TimeZone", "jit", "idle_in_transaction_session_timeout", "statement_timeout", "application_name")
        shown = [conn.execute(f"SHOW {name}").fetchone() for name in names]
        assert shown == [("UTC",), ("off",), ("10s",), ("1500ms",), ("safar engine",)]
        assert conn.autocommit is True
    given = make_conninfo(empty_database_url, options="-c work_mem=1MB")
    with connect(given, application_name="t", settings={"datestyle": "SQL, DMY"}) as conn:
        assert conn.execute("SHOW work_mem").fetchone() == ("1MB",)
        assert conn.execute("SHOW datestyle").fetchone() == ("SQL, DMY",)
        assert conn.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_timeouts_bite(empty_database_url: str) -> None:
    with (
        connect(empty_database_url, application_name="t", statement_timeout=0.05) as conn,
        pytest.raises(psycopg.errors.QueryCanceled),
    ):
        conn.execute("SELECT pg_sleep(20)")


@pytest.mark.parametrize(("number", "words"), [(140009, "14.9"), (190000, "19.0")])
def test_another_version_is_refused(number: int, words: str) -> None:
    info = SimpleNamespace(server_version=number, host="db.example", port=5432)
    with pytest.raises(UnsupportedServer, match=rf"db\.example.*PostgreSQL {words}.*works with PostgreSQL 15 to 18"):
        check_server_version(cast(Any, SimpleNamespace(info=info)))
    info.server_version = 150018
    check_server_version(cast(Any, SimpleNamespace(info=info)))


def test_waiting_has_an_end_and_tells_no_password(empty_database_url: str) -> None:
    wait_until_ready(empty_database_url)
    with pytest.raises(ServerSilent, match=r"could not be reached within 0\.2 seconds") as caught:
        wait_until_ready("postgresql://sara:secret@127.0.0.1:1/safar", seconds=0.2)
    assert "secret" not in str(caught.value)
    assert without_password("postgresql://sara:secret@db/safar") == "host=db user=sara dbname=safar"
