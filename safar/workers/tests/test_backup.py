"""Backup and restore of an embedded server, for real: the restored one has the rows and sends nothing."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from safar.postgres import connections
from safar.postgres.connections import connect
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import FolderRefused, ServerFault
from safar.workers.backup import read_note, write_backup
from safar.workers.epoch import check_epoch
from safar.workers.migrating import migrate
from safar.workers.restore import read_backup


@pytest.fixture
def homes() -> Iterator[Path]:
    """A folder for data folders; short, because a socket's path has to fit."""
    place = Path(tempfile.mkdtemp(prefix="safar-b-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def installation(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A running installation without SAFAR_DATABASE_URL, its epoch begun, with one workspace."""
    home = homes / "one"
    home.mkdir(mode=0o755)
    (home / "secret.key").write_text("k" * 48)
    server = EmbeddedServer(home, durable=False)
    monkeypatch.setenv("SAFAR_DATABASE_URL", server.start())
    migrate(connections.database_url({"SAFAR_DATA_DIR": str(home)}))
    monkeypatch.delenv("SAFAR_DATABASE_URL")
    monkeypatch.setenv("SAFAR_DATA_DIR", str(home))
    with connect(server.start(), application_name="test") as conn:
        assert check_epoch(conn, home)
        conn.execute("CREATE TABLE proof (n integer); INSERT INTO proof SELECT generate_series(1, 1000)")
        conn.execute(
            "INSERT INTO accounts_workspace (slug, name, zone, calendar, language, currency, currency_unit,"
            " late_events, send_mode, team_addresses, stopped, demo, created_at)"
            " VALUES ('shop', 'Shop', 'UTC', 'gregorian', 'en', 'USD', 'USD', 3600, 'mailbox', '[]', false, false,"
            " now())"
        )
    yield home
    kept = connections._servers.pop(home.resolve(), None)
    if kept:
        kept.stop()
    server.stop()


@pytest.mark.crash
def test_a_backup_is_restored_whole_and_held(installation: Path, homes: Path) -> None:
    file = homes / "backup.tar.gz"
    seen: list[int] = []
    note = write_backup(file, home=installation, rate=500, progress=lambda done, total: seen.append(done))
    assert read_note(file) == note
    assert seen[-1] > 1_000_000
    assert file.stat().st_mode & 0o077 == 0
    other = homes / "two"
    assert read_backup(file, home=other) == note
    assert (other / "secret.key").read_text() == "k" * 48
    server = EmbeddedServer(other, durable=False)
    try:
        with connect(server.start(), application_name="test") as conn:
            assert conn.execute("SELECT count(*) FROM proof").fetchone() == (1000,)
            assert not check_epoch(conn, other)
    finally:
        server.stop()
    with connect(connections.database_url({"SAFAR_DATA_DIR": str(installation)}), application_name="test") as conn:
        assert check_epoch(conn, installation)  # the one that was copied goes on

    with pytest.raises(FolderRefused, match="an installation"):
        read_backup(file, home=other)
    broken = homes / "cut.tar.gz"
    broken.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(FolderRefused, match="no whole backup"):
        read_backup(broken, home=homes / "three")
    assert not (homes / "three" / "postgres" / "data").exists()
    assert not (homes / "three" / "secret.key").exists()


def test_a_server_of_ones_own_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFAR_DATABASE_URL", "postgresql://db/safar")
    with pytest.raises(ServerFault, match="its own tools"):
        write_backup(tmp_path / "b.tar.gz", home=tmp_path, rate=1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "data/../../evil"])
def test_a_hostile_file_writes_nowhere(homes: Path, name: str) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as out:
        for path, content in (("backup.json", b'{"format": 1}'), (name, b"x")):
            member = tarfile.TarInfo(path)
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))
    (homes / "b.tar.gz").write_bytes(gzip.compress(packed.getvalue()))
    with pytest.raises(FolderRefused):
        read_backup(homes / "b.tar.gz", home=homes / "home")
    assert not list(homes.rglob("evil"))


@pytest.mark.parametrize("content", [b"", b"not a backup", gzip.compress(b"not a tar")], ids=["empty", "text", "gzip"])
def test_other_files_are_refused(homes: Path, content: bytes) -> None:
    (homes / "b.tar.gz").write_bytes(content)
    with pytest.raises(FolderRefused, match="no whole backup"):
        read_backup(homes / "b.tar.gz", home=homes / "home")
