"""One server, one folder: it starts, works, is shared, and goes when nobody needs it."""

from pathlib import Path

import psycopg
import pytest

from safar.postgres import address, tuning
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import ServerSilent
from safar.postgres.folder import Folder
from safar.postgres.locks import is_free
from safar.postgres.tests.hands import memory, other_safar, pg_ctl, postmaster, remember, wait_gone


def test_a_new_folder_gets_a_server_that_keeps_its_data(home: Path) -> None:
    server = EmbeddedServer(home)
    url = server.start()
    remember(url, "سفر")
    with psycopg.connect(url) as conn:
        row = conn.execute(
            "SELECT current_database(), current_user, pg_encoding_to_char(encoding), datcollate, datctype"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        # Code points decide, whatever the machine's language: as in Python, and the same on every machine.
        order = conn.execute("SELECT array_agg(w ORDER BY w) FROM unnest(array['b', 'ی', 'B', 'ک']) w").fetchone()
    assert row == ("safar", "safar", "UTF8", "C.UTF-8", "C.UTF-8")
    assert order == (sorted(["b", "ی", "B", "ک"]),)
    assert server.stop() is True
    wait_gone(home)
    assert server.start() == url
    assert memory(url) == ["سفر"]
    assert server.stop() is True
    assert server.data_dir == home / "postgres" / "data"
    assert server.major == 18


def test_the_settings_are_ours_and_can_be_overridden(lived_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A container's /dev/shm of 64 MB: a parallel query's memory must come from elsewhere.
    monkeypatch.setattr(tuning, "_shared_memory_bytes", lambda: 64 * 1024**2)
    server = EmbeddedServer(lived_in, durable=False, settings={"max_wal_size": "1GB"})
    with server, psycopg.connect(server.start()) as conn:
        names = (
            "jit",
            "fsync",
            "max_wal_size",
            "listen_addresses",
            "TimeZone",
            "data_checksums",
            "dynamic_shared_memory_type",
        )
        shown = [conn.execute(f"SHOW {name}").fetchone() for name in names]
        superuser = conn.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert shown == [("off",), ("off",), ("1GB",), ("",), ("UTC",), ("on",), ("mmap",)]
    assert superuser == (False,)


def test_what_a_server_says_when_it_does_not_start_is_passed_on(lived_in: Path) -> None:
    server = EmbeddedServer(lived_in, durable=False, settings={"shared_buffers": "plenty"})
    with pytest.raises(ServerSilent, match=r'did not start\. It said last:\n.*"shared_buffers": "plenty"'):
        server.start()
    assert server.stop() is False  # a start that failed leaves no use behind
    with EmbeddedServer(lived_in, durable=False) as mended:
        remember(mended.start(), "mended")


def test_no_password_no_entry(server: EmbeddedServer) -> None:
    where = psycopg.conninfo.conninfo_to_dict(server.start())
    where |= {"passfile": "/dev/null", "password": None}
    for user in ("safar", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(**where | {"user": user})
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**where | {"user": user, "password": "guessed"})
    rules = [line.split() for line in (server.data_dir / "pg_hba.conf").read_text().splitlines()]
    assert {words[-1] for words in rules if words and not words[0].startswith("#")} == {"scram-sha-256"}
    assert (server.data_dir / "pgpass").stat().st_mode & 0o777 == 0o600
    assert Folder.of(server.home).run.stat().st_mode & 0o777 == 0o700


def test_the_last_one_out_turns_off_the_light(server: EmbeddedServer) -> None:
    url, pid = server.start(), postmaster(server)
    other = EmbeddedServer(server.home)
    assert other.start() == url
    assert server.stop() is False
    assert server.stop() is False  # twice is once
    remember(url, "still here")
    assert postmaster(other) == pid
    assert other.stop() is True
    wait_gone(server.home)


def test_two_at_once_share_one_server(home: Path) -> None:
    both = [other_safar(home), other_safar(home)]
    pids = {safar.stdout.readline() for safar in both if safar.stdout}
    assert len(pids) == 1
    first, _ = both[0].communicate("")
    assert first.strip() == "False"
    second, _ = both[1].communicate("")
    assert second.strip() == "True"
    wait_gone(home)


def test_a_server_somebody_else_started_is_used_and_left_running(server: EmbeddedServer) -> None:
    server.stop()
    assert pg_ctl(server.home, "start", "-l", str(server.data_dir / "hand.log")).returncode == 0
    pid = postmaster(server)
    remember(server.start(), "guest")
    assert postmaster(server) == pid
    assert is_free(Folder.of(server.home).server_lock)
    assert server.stop() is True
    assert pg_ctl(server.home, "status").returncode == 0
    assert pg_ctl(server.home, "stop").returncode == 0


def test_a_path_too_long_for_a_socket_gets_a_short_place(lived_in: Path) -> None:
    deep = lived_in / ("deep" * 25)
    deep.mkdir(mode=0o755)
    (lived_in / "postgres").rename(deep / "postgres")
    with EmbeddedServer(deep, durable=False) as server:
        url = server.start()
        remember(url, "short")
        place = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
        assert len(str(place)) < 40
        assert place.stat().st_mode & 0o777 == 0o700
        assert place.stat().st_uid == server.data_dir.stat().st_uid
        assert server.discard() is True
    assert not place.exists()


def test_without_sockets_it_listens_on_this_machine_alone(lived_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_holds_sockets", lambda place: False)
    with EmbeddedServer(lived_in, durable=False) as server:
        url = server.start()
        remember(url, "loopback")
        assert psycopg.conninfo.conninfo_to_dict(url)["host"] == "127.0.0.1"
        with psycopg.connect(url) as conn:
            assert conn.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert server.stop() is True
        assert server.start() == url
