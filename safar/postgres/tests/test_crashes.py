"""What a kill, a power cut or a container's restart leaves behind, and how the next start copes."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from safar.postgres.address import Address
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import FolderRefused
from safar.postgres.folder import Folder
from safar.postgres.postmaster import NOBODYS_PID, PidFile, disown_stale
from safar.postgres.servant import Servant, servant_for
from safar.postgres.tests.hands import memory, other_safar, pg_ctl, postmaster, remember, wait_gone

pytestmark = pytest.mark.crash


def test_a_killed_postmaster_comes_back_at_the_same_url(server: EmbeddedServer) -> None:
    url, pid = server.start(), postmaster(server)
    remember(url, "before")
    os.kill(pid, signal.SIGKILL)
    assert server.start() == url
    assert postmaster(server) != pid
    assert memory(url) == ["before"]
    assert server.stop() is True


def test_a_killed_safar_leaves_its_server_to_the_next(lived_in: Path) -> None:
    dead = other_safar(lived_in, "die")
    out, _ = dead.communicate()
    assert dead.returncode == -signal.SIGKILL
    server = EmbeddedServer(lived_in)
    server.start()
    assert postmaster(server) == int(out)
    assert server.stop() is True
    wait_gone(lived_in)


def test_a_pid_file_with_another_living_process_does_not_bar_the_start(server: EmbeddedServer) -> None:
    url, pid = server.start(), postmaster(server)
    remember(url, "before")
    os.kill(pid, signal.SIGKILL)
    wait_gone(server.home)
    servant = servant_for(server.data_dir)
    stranger = subprocess.Popen(["sleep", "60"], user=servant.uid if servant.drops else None)
    try:
        for stale in (server.data_dir / "postmaster.pid", Folder.of(server.home).run / ".s.PGSQL.5432.lock"):
            _, _, rest = stale.read_text().partition("\n")
            servant.write_private(stale, f"{stranger.pid}\n{rest}")
        # PostgreSQL by itself gives up here; without that, this test would show nothing.
        alone = pg_ctl(server.home, "start", "-l", str(server.data_dir / "alone.log"))
        assert alone.returncode != 0
        assert "lock file" in (server.data_dir / "alone.log").read_text()
        assert server.start() == url
        assert memory(url) == ["before"]
        assert stranger.poll() is None
        assert server.stop() is True
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("content", ["", "\n", "garbage\n/nowhere\n"])
def test_a_damaged_pid_file_does_not_bar_the_start(server: EmbeddedServer, content: str) -> None:
    server.stop()
    servant_for(server.data_dir).write_private(server.data_dir / "postmaster.pid", content)
    remember(server.start(), "well")


def test_disowning_keeps_what_postgresql_needs_for_its_own_check(home: Path) -> None:
    (home / "postmaster.pid").write_text(f"{os.getpid()}\n{home}\n1\n5432\n/run\n\n  5133 77\nready\n")
    assert PidFile.read(home) == PidFile(os.getpid(), Address("/run", 5432), ready=True)
    disown_stale(home, Servant(os.geteuid(), os.getegid(), drops=False))
    assert (home / "postmaster.pid").read_text() == f"{NOBODYS_PID}\n{home}\n1\n5432\n/run\n\n  5133 77\nready\n"


def test_a_vanished_socket_is_mended_and_not_handed_out(server: EmbeddedServer) -> None:
    url, pid = server.start(), postmaster(server)
    remember(url, "before")
    (Folder.of(server.home).run / ".s.PGSQL.5432").unlink()
    assert server.start() == url
    assert memory(url) == ["before"]
    assert postmaster(server) != pid


def test_a_killed_initdb_is_done_again(home: Path) -> None:
    half = home / "postgres" / "data.new"
    half.mkdir(parents=True)
    half.parent.chmod(0o755)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(home, durable=False) as server:
        remember(server.start(), "whole")
    assert not half.exists()


def test_a_lost_password_file_is_named(server: EmbeddedServer) -> None:
    pgpass = server.data_dir / "pgpass"
    kept = pgpass.read_text()
    servant = servant_for(server.data_dir)
    servant.write_private(pgpass, kept.replace("*:*:*:postgres:", "*:*:*:postgres:not"))
    try:
        with pytest.raises(FolderRefused, match=r"does not take the passwords in .*pgpass.*backup"):
            server.start()
        pgpass.unlink()
        with pytest.raises(FolderRefused, match=r"pgpass.*missing.*backup"):
            server.start()
    finally:
        servant.write_private(pgpass, kept)
    server.start()


def test_a_home_that_is_a_file_is_refused(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(FolderRefused, match=r"cannot be made.*SAFAR_DATA_DIR"):
        EmbeddedServer(home / "file" / "safar").start()
